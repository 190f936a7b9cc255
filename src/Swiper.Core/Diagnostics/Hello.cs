using System.ComponentModel;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Diagnostics;

public readonly record struct HelloRequest(
    [Description("the protocol version the client speaks: 1"), Within(1, int.MaxValue)] int Protocol,
    [Description("name and version of the client, for the list of `devices`"), MaxBytes(HelloRequest.MaxClientBytes)] string Client)
    : IPayload<HelloRequest>
{
    public const int MaxClientBytes = 100;

    public static HelloRequest Read(scoped ref FieldReader fields) => new(
        fields.Int32("protocol", 1, int.MaxValue),
        fields.String("client", MaxClientBytes));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInt64(Protocol);
        writer.WriteString(Client);
    }
}

public readonly record struct HelloReply(
    [Description("the protocol version the server speaks"), Within(1, int.MaxValue)] int Protocol,
    [Description("name and version of the server")] string Server,
    [Description("number of this host in the cluster"), Within(0, int.MaxValue)] int Node,
    [Description("the server's time"), Time] long Now,
    [Description("the largest frame the server accepts, in bytes"), Within(1, int.MaxValue)] int MaxFrame,
    [Description("requests of one connection that may be in flight at once"), Within(1, int.MaxValue)] int MaxInFlight)
    : IPayload<HelloReply>
{
    public static HelloReply Read(scoped ref FieldReader fields) => new(
        fields.Int32("protocol", 1, int.MaxValue),
        fields.String("server", 100),
        fields.Int32("node", 0, int.MaxValue),
        fields.Int64("now"),
        fields.Int32("max_frame", 1, int.MaxValue),
        fields.Int32("max_in_flight", 1, int.MaxValue));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(6);
        writer.WriteInt64(Protocol);
        writer.WriteString(Server);
        writer.WriteInt64(Node);
        writer.WriteInt64(Now);
        writer.WriteInt64(MaxFrame);
        writer.WriteInt64(MaxInFlight);
    }
}

[Description("Exchanges versions. Optional, but the reply tells the client the server's limits.")]
internal sealed class HelloHandler(ServerIdentity server, TimeProvider clock) : IImmediateHandler<HelloRequest, HelloReply>
{
    private string _newestClient = "";

    public Failure Handle(Session session, HelloRequest request, ref MessagePackWriter data)
    {
        if (request.Protocol != ServerIdentity.Protocol)
            return new Failure(StatusCode.BadParams, $"protocol: this server supports {ServerIdentity.Protocol}");
        // Most connections are of the same app: one copy of its name is enough for all of them.
        session.Client = request.Client == _newestClient ? _newestClient : _newestClient = request.Client;
        new HelloReply(
            ServerIdentity.Protocol, server.Server, server.Node, clock.NowMs(), server.MaxFrame, server.MaxInFlight).Write(ref data);
        return default;
    }
}
