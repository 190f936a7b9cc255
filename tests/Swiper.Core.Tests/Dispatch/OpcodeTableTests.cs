using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Dispatch;

public sealed class OpcodeTableTests
{
    [Fact]
    public void An_opcode_of_two_handlers_is_refused_and_both_are_named()
    {
        var table = new OpcodeTable().Answer(Opcode.Ping, new PingHandler(TimeProvider.System), new());
        var exception = Assert.Throws<InvalidOperationException>(() => table.Answer(Opcode.Ping, new EchoHandler(), new()));
        Assert.Equal("opcode 2 is both PingHandler and EchoHandler", exception.Message);
    }

    [Fact]
    public void An_opcode_is_a_request_or_a_push()
    {
        var requestFirst = new OpcodeTable().Answer(Opcode.Ping, new PingHandler(TimeProvider.System), new());
        var pushFirst = new OpcodeTable().Push<DrainingPush>(Opcode.Ping, "The server is about to stop.");

        foreach (var addTheOther in new Action[]
        {
            () => requestFirst.Push<DrainingPush>(Opcode.Ping, "The server is about to stop."),
            () => pushFirst.Answer(Opcode.Ping, new PingHandler(TimeProvider.System), new()),
        })
            Assert.Equal("opcode 2 is both PingHandler and a push", Assert.Throws<InvalidOperationException>(addTheOther).Message);
    }

    [Fact]
    public void Who_is_not_signed_in_has_no_permissions_to_require() =>
        Assert.Throws<ArgumentException>(() => new OpcodeTable().Answer(
            Opcode.Ping, new PingHandler(TimeProvider.System), new() { Access = Access.Anonymous, Permission = Permission.Rewind }));

    [Fact]
    public void Failures_are_those_of_every_request_those_that_follow_from_the_descriptor_and_its_own()
    {
        Assert.Equal(
            [StatusCode.InternalError, StatusCode.BadParams, StatusCode.Unavailable],
            new EndpointDescriptor { Access = Access.Anonymous }.AllFailures);
        Assert.Equal(
            [
                StatusCode.InternalError, StatusCode.BadParams, StatusCode.Unavailable, StatusCode.Throttled, StatusCode.LoginRequired,
                StatusCode.SelfSwipe, StatusCode.VipRequired,
            ],
            new EndpointDescriptor
            {
                Permission = Permission.Rewind, RateLimit = RateLimit.SignIn, Failures = [StatusCode.VipRequired, StatusCode.SelfSwipe],
            }.AllFailures);
    }

    [Fact]
    public void Endpoints_come_in_the_order_of_their_numbers_however_large()
    {
        var table = new OpcodeTable()
            .Answer((Opcode)65535, new EchoHandler(), new())
            .Answer(Opcode.Echo, new EchoHandler(), new() { Access = Access.Anonymous })
            .Answer(Opcode.Ping, new PingHandler(TimeProvider.System), new() { Access = Access.Anonymous, RateLimit = RateLimit.SignIn });
        Assert.Equal(
            [(Opcode.Ping, typeof(PingHandler)), (Opcode.Echo, typeof(EchoHandler)), ((Opcode)65535, typeof(EchoHandler))],
            table.Endpoints.Select(endpoint => (endpoint.Opcode, endpoint.HandlerType)));

        var ping = table.Find((ushort)Opcode.Ping)!;
        Assert.Equal(
            (Access.Anonymous, RateLimit.SignIn, typeof(NoArgs), typeof(PingReply)),
            (ping.Descriptor.Access, ping.Descriptor.RateLimit, ping.RequestType, ping.ReplyType));
        Assert.Null(table.Find(1));
        Assert.Null(table.Find(65534));
        Assert.NotNull(table.Find(65535));
    }
}
