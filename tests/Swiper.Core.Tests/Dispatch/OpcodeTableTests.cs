using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Dispatch;

public sealed class OpcodeTableTests
{
    [Fact]
    public void An_opcode_of_two_handlers_is_refused_and_both_are_named()
    {
        var table = new OpcodeTable().Answer(Opcode.Ping, Access.Anonymous, new PingHandler(TimeProvider.System));
        var exception = Assert.Throws<InvalidOperationException>(() => table.Answer(Opcode.Ping, Access.Anonymous, new EchoHandler()));
        Assert.Equal("opcode 2 is both PingHandler and EchoHandler", exception.Message);
    }

    [Fact]
    public void Endpoints_come_in_the_order_of_their_numbers_however_large()
    {
        var table = new OpcodeTable()
            .Answer((Opcode)65535, Access.SignedIn, new EchoHandler())
            .Answer(Opcode.Echo, Access.Anonymous, new EchoHandler())
            .Answer(Opcode.Ping, Access.Anonymous, new PingHandler(TimeProvider.System), RateLimit.SignIn);
        Assert.Equal(
            [(Opcode.Ping, typeof(PingHandler)), (Opcode.Echo, typeof(EchoHandler)), ((Opcode)65535, typeof(EchoHandler))],
            table.Endpoints.Select(endpoint => (endpoint.Opcode, endpoint.HandlerType)));

        var ping = table.Find((ushort)Opcode.Ping)!;
        Assert.Equal(
            (Access.Anonymous, RateLimit.SignIn, typeof(NoArgs), typeof(PingReply)),
            (ping.Access, ping.RateLimit, ping.RequestType, ping.ReplyType));
        Assert.Null(table.Find(1));
        Assert.Null(table.Find(65534));
        Assert.NotNull(table.Find(65535));
    }
}
