using System.Net.Security;
using Microsoft.Extensions.Logging;

namespace Swiper.Client;

/// <summary>How a <see cref="SwiperClient"/> connects and behaves. The defaults suit an app on a phone.</summary>
public sealed record SwiperClientOptions
{
    /// <summary>Name or address of the server.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>Its port; if null, 7443 with TLS and 7400 without.</summary>
    public int? Port { get; init; }

    /// <summary>
    /// Several servers of one cluster, instead of <see cref="Host"/> and <see cref="Port"/>. A client starts with a
    /// random one, to spread the load, and moves on to the next if one can't be reached or is lost.
    /// </summary>
    public IReadOnlyList<SwiperEndpoint> Endpoints { get; init; } = [];

    /// <summary>TLS with ALPN `swiper/1`. Turn it off only for a server on the same machine or a trusted network.</summary>
    public bool UseTls { get; init; } = true;

    /// <summary>Validates the server's certificate, for development; if null, the system's trusted roots are used.</summary>
    public RemoteCertificateValidationCallback? ValidateCertificate { get; init; }

    /// <summary>Name and version of the app, which the user sees in the list of devices; at most 100 bytes.</summary>
    public string ClientName { get; init; } = "swiper-dotnet/0.1";

    /// <summary>The timeout of a request, including the wait for a connection.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The timeout of one attempt to connect to one server: TCP, TLS and the first replies.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long <see cref="SwiperClient.ConnectAsync"/> retries, with the same delays as after a lost connection, before it throws; it
    /// begins no delay that would end later. By default it tries every server once.
    /// </summary>
    public TimeSpan KeepConnectingFor { get; init; }

    /// <summary>Reconnects and signs in again after a lost connection. If false, a loss closes the client.</summary>
    public bool Reconnect { get; init; } = true;

    /// <summary>
    /// The delay before the servers are tried again. It doubles each time, and half of it is random, so that clients do not return
    /// together.
    /// </summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest delay between attempts.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sends requests again that were in flight when the connection was lost and are safe to repeat, instead of failing them with
    /// <see cref="SwiperConnectionLostException"/>. Requests for a code, logins and logouts are never repeated.
    /// </summary>
    public bool RetrySafeRequests { get; init; }

    /// <summary>
    /// How long a connection may receive nothing before the client sends a ping, which also keeps NATs from dropping the connection.
    /// Without a reply within <see cref="RequestTimeout"/> the connection is closed.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Maximum number of pushes that wait for the app; beyond it the oldest is dropped and counted in
    /// <see cref="SwiperClient.DroppedPushes"/>.
    /// </summary>
    public int PushBuffer { get; init; } = 256;

    /// <summary>Maximum number of requests in flight, or fewer if the server allows fewer; others wait in the client.</summary>
    public int MaxInFlight { get; init; } = 256;

    /// <summary>The largest frame accepted from the server, in bytes; a larger one closes the connection.</summary>
    public int MaxFrame { get; init; } = 1024 * 1024;

    /// <summary>Logs what happens to the connection; nothing is logged if null. Tokens and phone numbers are never logged.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// Resumes the code that awaits a reply on the connection's reader. It saves a thread pool hop per reply, for load generators; code
    /// that blocks there stalls the connection.
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

    /// <exception cref="ArgumentException">Names every problem.</exception>
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
