using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>The end of Kestrel's connection pipeline, behind TLS where there is any: gives each connection its session and its loop.</summary>
internal sealed class SwiperConnectionHandler(
    Dispatcher dispatcher, SessionRegistry sessions, SwiperOptions options, ILogger<SwiperConnectionHandler> logger) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var output = new FrameOutput(connection.Transport.Output, options.Limits.MaxUnsent, connection.Abort);
        var session = new Session(connection.ConnectionId, connection.RemoteEndPoint, output, options.Limits.InFlight);
        var deadline = new Deadline(connection, options.Limits, logger);
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(Deadline.Check, deadline);

        var loop = new FrameLoop(connection.Transport.Input, session, dispatcher, options.Limits, deadline, logger);
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using (stopping.UnsafeRegister(static loop => ((FrameLoop)loop!).Drain(), loop))
        {
            try
            {
                await loop.RunAsync();
            }
            finally
            {
                sessions.Remove(session);
            }
        }
    }
}
