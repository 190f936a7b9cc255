using System.ComponentModel;
using System.Net;
using Swiper.Core.Diagnostics;

namespace Swiper.Host.Connections;

[EventIds(2050, 2069, "Connections behind a balancer")]
internal static partial class ProxyLog
{
    [Description("is that your balancer, then add its network to `Listen:ProxyNetworks`; otherwise somebody tries to appear as another. "
        + "At most once a second; `swiper.connections.refused` counts all")]
    [LoggerMessage(2050, LogLevel.Warning,
        "{Count} connections refused with a PROXY header from outside Listen:ProxyNetworks; the last one of {Address}")]
    public static partial void HeaderOfStranger(ILogger logger, int count, string address);

    [Description("have the balancer send the header (haproxy: `send-proxy-v2`; nginx: `proxy_protocol on`), or take the network of "
        + "whoever connects without a balancer out of `Listen:ProxyNetworks`. At most once a second; `swiper.connections.refused` counts "
        + "all")]
    [LoggerMessage(2051, LogLevel.Warning,
        "{Count} connections from Listen:ProxyNetworks refused; the last one of {Address}, which sent {What}")]
    public static partial void NoHeader(ILogger logger, int count, string address, string what);

    [LoggerMessage(2052, LogLevel.Debug, "Connection {ConnectionId} of {Client} through {Balancer}")]
    public static partial void Passed(ILogger logger, string connectionId, EndPoint client, EndPoint balancer);

    [LoggerMessage(2053, LogLevel.Information,
        "A connection from {Networks} must begin with a PROXY header, which tells its client's address")]
    public static partial void Expected(ILogger logger, ProxyNetworks networks);
}
