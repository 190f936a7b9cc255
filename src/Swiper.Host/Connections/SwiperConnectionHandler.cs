using Microsoft.AspNetCore.Connections;

namespace Swiper.Host.Connections;

/// <summary>The end of Kestrel's connection pipeline, behind TLS where there is any: gives each connection its loop.</summary>
internal sealed class SwiperConnectionHandler(LoopServices services) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection)
    {
        // Kestrel's logging scope would be restored for each read; what the loop logs names the connection itself.
        using (ExecutionContext.SuppressFlow())
            return new FrameLoop(connection, services).RunAsync();
    }
}
