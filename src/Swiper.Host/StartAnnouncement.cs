using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Host.Accounts;
using Swiper.Host.Connections;
using Swiper.Host.Options;
using Swiper.Host.Web;

namespace Swiper.Host;

/// <summary>Logs the listening addresses and the data folder once clients can connect.</summary>
[EventIds(1, 39, "Start and stop")]
internal static partial class StartAnnouncement
{
    public static void AnnounceStart(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<SwiperOptions>();
        var identity = app.Services.GetRequiredService<ServerIdentity>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Swiper");
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var opsPort = app.Services.GetService<OpsPortListeners>()?.Bound;
            var ports = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
                .Where(address => !address.StartsWith("http://unix:", StringComparison.Ordinal) && address != $"http://{opsPort}")
                .Select(address =>
                    address.StartsWith("https", StringComparison.Ordinal) ? $"tls {HostAndPort(address)}" : $"tcp {HostAndPort(address)}");
            Ready(logger, identity.Server, string.Join(", ", ports), Path.GetFullPath(options.Storage.Data),
                app.Environment.EnvironmentName);
            if (app.Services.GetRequiredService<ISmsSender>() is OutboxSmsSender outbox)
                CodesInOutbox(logger, outbox.OutboxFile);
            if (options.Ops.PathFor(options.Storage, options.Listen, app.Environment.IsDevelopment()) is { } socket)
                OperationsSocket(logger, socket);
            if (opsPort is not null)
                OpsPort(logger, opsPort);
            var addresses = app.Services.GetRequiredService<ListenAddresses>();
            if (addresses.LacksIpv6)
                NoIpv6(logger);
            WarnOfPublicPorts(logger, addresses.For(options.Listen.Port), options.Listen, app.Environment.IsDevelopment());
            if (options.Listen.ProxyNetworks.Count > 0)
                ProxyLog.Expected(logger, app.Services.GetRequiredService<PortGuard>().Balancers);
            if (SystemLimits.Connections(options) is var granted && granted < options.Limits.Connections)
                FewDescriptors(logger, granted, options.Limits.Connections);
        });
        app.Lifetime.ApplicationStopping.Register(() => Stopping(logger));
    }

    private static void WarnOfPublicPorts(ILogger logger, IReadOnlyList<IPAddress> addresses, ListenOptions listen, bool isDevelopment)
    {
        if (addresses.FirstOrDefault(static address => !IPAddress.IsLoopback(address)) is not { } address)
            return;
        var name = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        if (isDevelopment)
            PublicDevelopment(logger, name);
        else if (listen.PlainFor(isDevelopment))
            PublicPlain(logger, name);
    }

    private static string HostAndPort(string address) => address[(address.IndexOf("//", StringComparison.Ordinal) + 2)..];

    [LoggerMessage(1, LogLevel.Information, "{Server} listens on {Addresses}; data in {Data}; {Environment}")]
    private static partial void Ready(ILogger logger, string server, string addresses, string data, string environment);

    [LoggerMessage(2, LogLevel.Information, "Stopping: clients are told to reconnect elsewhere; requests in flight are finished")]
    private static partial void Stopping(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "No SMS is sent: login codes are written to {File}")]
    private static partial void CodesInOutbox(ILogger logger, string file);

    [LoggerMessage(4, LogLevel.Information, "Operations, such as `./swiper vip`, are taken on {Socket}")]
    private static partial void OperationsSocket(ILogger logger, string socket);

    [LoggerMessage(8, LogLevel.Information, "Metrics are on http://{Address}/metrics, health on /health/live and /health/ready")]
    private static partial void OpsPort(ILogger logger, EndPoint address);

    [Description("raise `ulimit -n` if you want as many connections as `Limits:Connections` allows; some descriptors are the host's own")]
    [LoggerMessage(5, LogLevel.Information,
        "`ulimit -n` is enough for {Granted} connections, not for the {Allowed} of Limits:Connections")]
    private static partial void FewDescriptors(ILogger logger, long granted, int allowed);

    [Description("run Production, or leave `Listen:Address` as it is: codes are in a file, everybody may have a VIP level's rights, and "
        + "nothing need be encrypted")]
    [LoggerMessage(6, LogLevel.Warning, "Development listens on {Address}, where others may reach it; it is made for this machine alone")]
    private static partial void PublicDevelopment(ILogger logger, string address);

    [Description("nothing if only a proxy that terminates TLS reaches the port; otherwise unset `Listen:Plain`, because whoever reads the "
        + "network reads tokens")]
    [LoggerMessage(7, LogLevel.Warning, "Plain TCP on {Address}: only a proxy that terminates TLS may reach it")]
    private static partial void PublicPlain(ILogger logger, string address);

    [Description("nothing, unless your clients have IPv6: then give this machine, or its container, an IPv6 address")]
    [LoggerMessage(20, LogLevel.Information, "This machine has no IPv6: only clients with IPv4 can connect")]
    private static partial void NoIpv6(ILogger logger);
}
