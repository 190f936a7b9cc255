using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Swiper.Host.Connections;
using Swiper.Host.Options;
using Swiper.Host.Restarts;
using OptionsFactory = Microsoft.Extensions.Options.Options;

namespace Swiper.Host.Web;

/// <summary>
/// The port through which monitoring looks into the host, by HTTP: it reads, and changes nothing. It is none of the public ports, which
/// speak frames.
/// </summary>
internal static class OpsPort
{
    // Whoever asks again after that connects anew, which costs little once in a scrape's interval.
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    // A question is one packet.
    private static readonly TimeSpan AskedWithin = TimeSpan.FromSeconds(5);

    public static void AddOpsPort(this WebApplicationBuilder builder, SwiperOptions options)
    {
        builder.Services.AddSingleton<OpsConnections>().AddSingleton<OpsPortListeners>()
            .AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<OpsPortListeners>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Of all that speaks HTTP here: the public ports don't.
            kestrel.Limits.KeepAliveTimeout = KeptFor;
            kestrel.Limits.RequestHeadersTimeout = AskedWithin;
            var connections = kestrel.ApplicationServices.GetRequiredService<OpsConnections>();
            kestrel.Listen(new OpsEndPoint(options.Ops.AddressFor(), options.Ops.PortFor(options.Listen)), listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => async connection =>
                {
                    try
                    {
                        connection.Features.Set(OpsConnection.Port);
                        await next(connection);
                    }
                    finally
                    {
                        connections.Remove(connection);
                    }
                });
            });
        });
    }

    public static void MapVersion(this RouteGroupBuilder routes, Core.Diagnostics.ServerIdentity identity, TimeProvider clock)
    {
        var started = clock.GetUtcNow();
        routes.MapGet("version", () => new HostVersion(identity.Server, identity.Node, Environment.Version.ToString(), started));
    }

    /// <param name="Server">Name and version.</param>
    /// <param name="Node">The host's number in the cluster; 0 on the embedded engine.</param>
    /// <param name="Runtime">The version of .NET.</param>
    /// <param name="Started">When the host was started.</param>
    private sealed record HostVersion(string Server, int Node, string Runtime, DateTimeOffset Started);
}

/// <summary>The address of the ops port, so that no transport takes it for a public one.</summary>
internal sealed class OpsEndPoint(IPAddress address, int port) : IPEndPoint(address, port);

/// <summary>Binds the ops port, and leaves every other address to the other transports.</summary>
internal sealed class OpsPortListeners(ILoggerFactory loggers, ListeningSockets listening, OpsConnections connections)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(OptionsFactory.Create(new SocketTransportOptions
    {
        CreateBoundListenSocket = endpoint =>
        {
            // A public port may have the same address and number, 0, in the options.
            var name = $"ops {endpoint}";
            var socket = listening.Claim(name) is [var claimed] ? claimed
                : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            listening.Use(name, [socket]);
            return socket;
        },
    }), loggers);

    /// <summary>Where the port is, once it is.</summary>
    public EndPoint? Bound { get; private set; }

    public bool CanBind(EndPoint endpoint) => endpoint is OpsEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var listener = await _sockets.BindAsync(endpoint, cancellationToken);
            Bound = listener.EndPoint;
            return new OpsListener(listener, connections);
        }
        catch (Exception exception) when (
            ListenException.Reason(exception, (IPEndPoint)endpoint, "ops", "--set Ops:Port=N", "Ops:Address") is { } reason)
        {
            throw new ListenException(reason, exception);
        }
    }
}
