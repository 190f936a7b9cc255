using System.Net.Security;
using Microsoft.Extensions.Logging;

namespace Swiper.Client;

/// <summary>How a <see cref="SwiperClient"/> connects and behaves. The defaults suit an app on a phone.</summary>
public sealed record SwiperClientOptions
{
    /// <summary>Name or address of the server.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>Its port; where null, 7443 with TLS and 7400 without.</summary>
    public int? Port { get; init; }

    /// <summary>
    /// Several servers of one cluster, instead of <see cref="Host"/> and <see cref="Port"/>. A client begins with any of them, so that
    /// clients spread, and goes on to the next where one can't be reached or is lost.
    /// </summary>
    public IReadOnlyList<SwiperEndpoint> Endpoints { get; init; } = [];

    /// <summary>TLS with ALPN `swiper/1`. Switch it off only towards a server on the same machine or a trusted network.</summary>
    public bool UseTls { get; init; } = true;

    /// <summary>Decides about the server's certificate, for development; where null the system's trusted roots do.</summary>
    public RemoteCertificateValidationCallback? ValidateCertificate { get; init; }

    /// <summary>Name and version of the app, for the server's log; at most 100 bytes.</summary>
    public string ClientName { get; init; } = "swiper-dotnet/0.1";

    /// <summary>How long a request may take, waiting for a connection included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one try to connect to one server may take: TCP, TLS and the first answers.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long <see cref="SwiperClient.ConnectAsync"/> goes on trying, with the same waits as after a lost connection, before it throws:
    /// no wait that would end later is begun. By default it tries every server once.
    /// </summary>
    public TimeSpan KeepConnectingFor { get; init; }

    /// <summary>Comes back by itself after the connection was lost, and signs in again. Off, a loss closes the client.</summary>
    public bool Reconnect { get; init; } = true;

    /// <summary>
    /// The wait before the servers are tried again. It doubles with each one, and half of it is random, so that clients do not come back
    /// together.
    /// </summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait between tries.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sends requests again that were in flight when the connection was lost and are safe to repeat, instead of failing them with
    /// <see cref="SwiperConnectionLostException"/>. Requests for a code, logins and logouts are never repeated.
    /// </summary>
    public bool RetrySafeRequests { get; init; }

    /// <summary>
    /// A connection that received nothing for so long is tried with a ping: it keeps NATs from forgetting the connection, and one that
    /// gets no answer within <see cref="RequestTimeout"/> is given up.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Pushes that wait for the app; beyond them the oldest is dropped and counted in <see cref="SwiperClient.DroppedPushes"/>.
    /// </summary>
    public int PushBuffer { get; init; } = 256;

    /// <summary>Requests on the wire at once, or fewer where the server allows fewer; others wait their turn in the client.</summary>
    public int MaxInFlight { get; init; } = 256;

    /// <summary>The largest frame taken from the server in bytes; a larger one ends the connection.</summary>
    public int MaxFrame { get; init; } = 1024 * 1024;

    /// <summary>Is told what happens to the connection; nobody is where null. Neither tokens nor phone numbers are logged.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// Runs the code that awaits a reply on the connection's own reader. It saves a hop to the thread pool a reply, for load
    /// generators; code that blocks there stops the connection.
    /// </summary>
    public bool InlineCompletions { get; init; }

    /// <summary>All servers to try, with their ports.</summary>
    internal IReadOnlyList<SwiperEndpoint> EffectiveEndpoints
    {
        get
        {
            IReadOnlyList<SwiperEndpoint> named = Endpoints.Count > 0 ? Endpoints : [new SwiperEndpoint(Host, Port)];
            return [.. named.Select(endpoint => endpoint with { Port = endpoint.Port ?? (UseTls ? 7443 : 7400) })];
        }
    }

    /// <exception cref="ArgumentException">With everything that is wrong.</exception>
    internal void Validate()
    {
        var problems = Problems().ToList();
        if (problems.Count > 0)
            throw new ArgumentException($"invalid client options: {string.Join("; ", problems)}");
    }

    private IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Host))
            yield return $"{nameof(Host)} is empty";
        if (Port is < 1 or > 65535)
            yield return $"{nameof(Port)} {Port} is not between 1 and 65535";
        if (Endpoints is null)
            yield return $"{nameof(Endpoints)} is null";
        else if (Endpoints.Any(endpoint => string.IsNullOrWhiteSpace(endpoint?.Host) || endpoint.Port is < 1 or > 65535))
            yield return $"{nameof(Endpoints)} has an endpoint without a host, or with a port that is not between 1 and 65535";
        if (ClientName is null || System.Text.Encoding.UTF8.GetByteCount(ClientName) > 100)
            yield return $"{nameof(ClientName)} is null or longer than 100 bytes";
        foreach (var (name, time) in new[]
        {
            (nameof(RequestTimeout), RequestTimeout), (nameof(ConnectTimeout), ConnectTimeout), (nameof(ReconnectDelay), ReconnectDelay),
            (nameof(PingInterval), PingInterval),
        })
        {
            if (time <= TimeSpan.Zero || time > TimeSpan.FromDays(1))
                yield return $"{name} {time} is not between zero and one day";
        }
        if (KeepConnectingFor < TimeSpan.Zero || KeepConnectingFor > TimeSpan.FromDays(1))
            yield return $"{nameof(KeepConnectingFor)} {KeepConnectingFor} is not between zero and one day";
        if (MaxReconnectDelay < ReconnectDelay)
            yield return $"{nameof(MaxReconnectDelay)} {MaxReconnectDelay} is below {nameof(ReconnectDelay)} {ReconnectDelay}";
        if (PushBuffer < 1)
            yield return $"{nameof(PushBuffer)} {PushBuffer} is below 1";
        if (MaxInFlight < 1)
            yield return $"{nameof(MaxInFlight)} {MaxInFlight} is below 1";
        if (MaxFrame is < 256 or > 64 * 1024 * 1024)
            yield return $"{nameof(MaxFrame)} {MaxFrame} is not between 256 bytes and 64 MiB";
    }
}
