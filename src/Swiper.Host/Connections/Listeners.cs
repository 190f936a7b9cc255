using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Swiper.Host.Options;
using Swiper.Host.Transport;
using KestrelPort = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace Swiper.Host.Connections;

/// <summary>The ports: plain TCP where it is wanted, and the same behind TLS.</summary>
internal static class Listeners
{
    public static void AddSwiperListeners(this WebApplicationBuilder builder, SwiperOptions options)
    {
        var isDevelopment = builder.Environment.IsDevelopment();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var admission = kestrel.ApplicationServices.GetRequiredService<Admission>();
            var address = options.Listen.AddressFor(isDevelopment);
            if (options.Listen.PlainFor(isDevelopment))
            {
                kestrel.Listen(address, options.Listen.Port, tcp => tcp
                    .Guard(admission, isTls: false)
                    .UseConnectionHandler<SwiperConnectionHandler>());
            }
            if (options.Tls.Enabled)
            {
                var certificate = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
                var handshakes = kestrel.ApplicationServices.GetRequiredService<TlsHandshakes>();
                kestrel.Listen(address, options.Tls.Port, tls =>
                {
                    tls.Guard(admission, isTls: true);
                    handshakes.Watch(tls, port => port.UseHttps(Handshakes(options, certificate)));
                    tls.UseConnectionHandler<SwiperConnectionHandler>();
                });
            }
        });
        builder.Services.AddSingleton<ServerCertificate>().AddSingleton<TlsHandshakes>();
        if (options.Listen.Transport == TransportKind.Epoll)
            builder.Services.AddListeners<EpollTransportFactory>();
        else
            builder.Services.AddListeners<SocketTransportFactory>().TuneSockets(options);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Limits.Drain);
    }

    private static KestrelPort Guard(this KestrelPort port, Admission admission, bool isTls)
    {
        port.Use(next => admission.Guard(next, isTls));
        return port;
    }

    // Kestrel uses the one that was added last.
    private static IServiceCollection AddListeners<TTransport>(this IServiceCollection services)
        where TTransport : IConnectionListenerFactory => services
        .AddSingleton<IConnectionListenerFactory>(provider => new NamedListeners(
            ActivatorUtilities.CreateInstance<TTransport>(provider), provider.GetRequiredService<SwiperOptions>()));

    private static void TuneSockets(this IServiceCollection services, SwiperOptions options)
    {
        services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.Backlog = options.Listen.Backlog;
            BoundUnsent(sockets, options.Limits.SendBuffer);
            // While a loop waits for a client to read, the transport still receives up to this much; the stock 1 MiB would let an attacker
            // with many connections that read nothing use up memory.
            sockets.MaxReadBufferSize = options.Limits.MaxFrame;
            // Handlers never block, so loops may run inline on socket completions.
            sockets.UnsafePreferInlineScheduling = true;
        });
    }

    /// <summary>Bounds what the kernel keeps for a client that does not read.</summary>
    internal static void BoundUnsent(SocketTransportOptions sockets, int sendBuffer)
    {
        sockets.CreateBoundListenSocket = endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            // Connections have it from the socket that accepts them.
            socket.SendBufferSize = sendBuffer;
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
