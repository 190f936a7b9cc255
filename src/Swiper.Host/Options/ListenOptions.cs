using System.Net;
using Swiper.Host.Transport;

namespace Swiper.Host.Options;

/// <summary>Where clients reach the server.</summary>
public sealed record ListenOptions
{
    /// <summary>
    /// An IP address of this machine. By default all of IPv4 and IPv6; in Development both loopback addresses, because its conveniences
    /// must not be reachable from outside.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>
    /// Whether clients may connect without TLS, on <see cref="Port"/>. By default in Development only: whoever reads the network would
    /// read tokens. For a host behind a proxy that terminates TLS, or that only this machine reaches.
    /// </summary>
    public bool? Plain { get; init; }

    /// <summary>The port of plain TCP; 0 picks a free one.</summary>
    public int Port { get; init; } = 7400;

    /// <summary>
    /// Connections the kernel may hold until they are accepted. 512, the usual default, is too few when every app comes back at the
    /// same instant.
    /// </summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>
    /// Networks of balancers, such as 10.1.0.0/16. A connection from there must begin with a header of the PROXY protocol, which says
    /// whose it is; with one from anywhere else it is refused, since anybody could claim any address.
    /// </summary>
    public IReadOnlyList<string> ProxyNetworks { get; init; } = [];

    /// <summary>The transport: epoll, the fastest, where available, or the sockets of stock Kestrel.</summary>
    public TransportKind Transport { get; init; } = EpollTransportFactory.IsSupported ? TransportKind.Epoll : TransportKind.Sockets;

    /// <summary>
    /// Threads that serve connections, of the epoll transport. Half of the processors: what commits and what reads from stores has
    /// threads of its own.
    /// </summary>
    public int Loops { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Whether there is a port without TLS.</summary>
    public bool PlainFor(bool isDevelopment) => Plain ?? isDevelopment;

    internal IEnumerable<string> Problems(bool isDevelopment, bool hasTls)
    {
        if (!PlainFor(isDevelopment) && !hasTls)
            yield return "Listen:Plain: without it and with Tls:Enabled=false there is no port; set it to true if a proxy terminates TLS";
        if (Address is not null && !IPAddress.TryParse(Address, out _))
            yield return $"Listen:Address: '{Address}' is not an IP address";
        foreach (var problem in ProxyNetworks.Select(ProblemOfNetwork))
        {
            if (problem is not null)
                yield return problem;
        }
        if (Port is < 0 or > 65535)
            yield return $"Listen:Port: {Port} is not between 0 and 65535";
        if (Backlog is < 1 or > 65535)
            yield return $"Listen:Backlog: {Backlog} is not between 1 and 65535";
        if (Transport == TransportKind.Epoll && !EpollTransportFactory.IsSupported)
            yield return "Listen:Transport: epoll needs Linux on x86-64 or arm64; sockets run everywhere";
        if (Loops is < 1 or > 256)
            yield return $"Listen:Loops: {Loops} is not between 1 and 256";
    }

    private static string? ProblemOfNetwork(string network, int index) =>
        !IPNetwork.TryParse(network, out var parsed) || parsed.BaseAddress.IsIPv4MappedToIPv6
            ? $"Listen:ProxyNetworks:{index}: '{network}' is not a network such as 10.1.0.0/16, 10.1.2.3/32 or fd00::/64"
        : parsed.PrefixLength == 0
            ? $"Listen:ProxyNetworks:{index}: '{network}' is everybody, who could then claim any address; name the balancers' networks"
        : null;
}
