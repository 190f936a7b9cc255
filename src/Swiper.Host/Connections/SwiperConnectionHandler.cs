using Microsoft.AspNetCore.Connections;

namespace Swiper.Host.Connections;

/// <summary>The end of Kestrel's connection pipeline, behind TLS where there is any: gives each connection its loop.</summary>
internal sealed class SwiperConnectionHandler(LoopServices services) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => new FrameLoop(connection, services).RunAsync();
}
