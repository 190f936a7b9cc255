using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Swiper.Host.Options;
using Swiper.Host.Restarts;
using Swiper.Host.Transport;
using KestrelPort = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace Swiper.Host.Connections;

/// <summary>The ports: plain TCP where it is wanted, and the same behind TLS.</summary>
internal static class Listeners
{
    public static void AddSwiperListeners(this WebApplicationBuilder builder, SwiperOptions options)
    {
        var isDevelopment = builder.Environment.IsDevelopment();
        var addresses = ListenAddresses.Of(options.Listen, isDevelopment);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var guard = kestrel.ApplicationServices.GetRequiredService<PortGuard>();
            // With it comes the engine: the ports are known before its data folder may be opened.
            var handler = new Lazy<SwiperConnectionHandler>(
                () => ActivatorUtilities.CreateInstance<SwiperConnectionHandler>(kestrel.ApplicationServices));
            if (options.Listen.PlainFor(isDevelopment))
            {
                kestrel.Listen(addresses.For(options.Listen.Port), options.Listen.Port, tcp => tcp
                    .Guard(guard, options.Limits.FirstFrame, isTls: false)
                    .Run(connection => handler.Value.OnConnectedAsync(connection)));
            }
            if (options.Tls.Enabled)
            {
                var certificate = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
                var handshakes = kestrel.ApplicationServices.GetRequiredService<TlsHandshakes>();
                kestrel.Listen(addresses.For(options.Tls.Port), options.Tls.Port, tls =>
                {
                    tls.Guard(guard, options.Tls.HandshakeTimeout, isTls: true);
                    handshakes.Watch(tls, port => port.UseHttps(Handshakes(options, certificate)));
                    tls.Run(connection => handler.Value.OnConnectedAsync(connection));
                });
            }
        });
        builder.Services.AddSingleton(addresses).AddSingleton<PortGuard>();
        builder.Services.AddSingleton<ServerCertificate>().AddSingleton<TlsHandshakes>();
        if (options.Listen.Transport == TransportKind.Epoll)
            builder.Services.AddListeners<EpollTransportFactory>();
        else
            builder.Services.AddListeners<SocketTransportFactory>().TuneSockets(options);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Limits.Drain);
    }

    private static void Listen(
        this KestrelServerOptions kestrel, IReadOnlyList<IPAddress> addresses, int port, Action<KestrelPort> configure)
    {
        foreach (var address in addresses)
            kestrel.Listen(address, port, configure);
    }

    private static KestrelPort Guard(this KestrelPort port, PortGuard guard, TimeSpan patience, bool isTls)
    {
        port.Use(guard.Within(patience, isTls));
        return port;
    }

    // Kestrel uses the one that was added last.
    private static IServiceCollection AddListeners<TTransport>(this IServiceCollection services)
        where TTransport : IConnectionListenerFactory => services
        .AddSingleton(provider => new NamedListeners(
            ActivatorUtilities.CreateInstance<TTransport>(provider), provider.GetRequiredService<SwiperOptions>()))
        .AddSingleton<IConnectionListenerFactory>(static provider => provider.GetRequiredService<NamedListeners>())
        .AddHostedService<Drain>();

    private static void TuneSockets(this IServiceCollection services, SwiperOptions options)
    {
        services.AddOptions<SocketTransportOptions>().Configure<ListeningSockets>((sockets, listening) =>
        {
            sockets.Backlog = options.Listen.Backlog;
            BoundUnsent(sockets, options.Limits.SendBuffer, listening);
            // While a loop waits for a client to read, the transport still receives up to this much; the stock 1 MiB would let an attacker
            // with many connections that read nothing use up memory.
            sockets.MaxReadBufferSize = options.Limits.MaxFrame;
            // Handlers never block, so loops may run inline on socket completions.
            sockets.UnsafePreferInlineScheduling = true;
        });
    }

    /// <summary>
    /// Takes the sockets that the process has already, and bounds what the kernel keeps for a client that does not read.
    /// </summary>
    internal static void BoundUnsent(SocketTransportOptions sockets, int sendBuffer, ListeningSockets listening)
    {
        sockets.CreateBoundListenSocket = endpoint =>
        {
            var claimed = listening.Claim(endpoint);
            var socket = claimed is [var first, ..] ? first : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            // Those of the other transport's loops: this one accepts from one.
            foreach (var other in claimed.Skip(1))
                other.Dispose();
            // Connections have it from the socket that accepts them.
            socket.SendBufferSize = sendBuffer;
            listening.Use(endpoint, [socket]);
            return socket;
        };
    }

    // Kestrel's own would offer the ALPN names of HTTP, and keep its first certificate.
    private static TlsHandshakeCallbackOptions Handshakes(SwiperOptions options, ServerCertificate certificate) => new()
    {
        OnConnection = _ => ValueTask.FromResult(certificate.Current),
        HandshakeTimeout = options.Tls.HandshakeTimeout,
    };
}
