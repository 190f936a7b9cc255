namespace Swiper.Host.Options;

/// <summary>The transport between sockets and Kestrel's connections.</summary>
public enum TransportKind
{
    /// <summary>Our own, on Linux.</summary>
    Epoll,

    /// <summary>That of stock Kestrel, on every system.</summary>
    Sockets,
}
