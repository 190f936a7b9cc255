using Microsoft.AspNetCore.Connections;
using Swiper.Core.Dispatch;

namespace Swiper.Host.Connections;

/// <summary>The end of Kestrel's connection pipeline, behind TLS where there is any: gives each connection its session and its loop.</summary>
internal sealed class SwiperConnectionHandler(LoopServices services) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection)
    {
        var output = new FrameOutput(connection.Transport.Output, services.Limits.MaxUnsent, connection.Abort);
        var session = new Session(connection.ConnectionId, connection.RemoteEndPoint, output, services.Limits.InFlight);
        return new FrameLoop(connection, session, services).RunAsync();
    }
}
