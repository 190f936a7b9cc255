using System.Net;
using Swiper.Client;
using Swiper.Local.Hosts;

namespace Swiper.Load.Scenarios;

/// <summary>The server under load, and the users who can sign in to it.</summary>
/// <param name="tokens">
/// Tokens of existing users, as printed by <c>./swiper robots</c>; used in order, starting over after the last.
/// </param>
public sealed class LoadTarget(DnsEndPoint server, IReadOnlyList<string> tokens)
{
    // Country code 999 is unassigned, so no message can reach a real phone.
    private readonly string _phones = $"+999{Random.Shared.Next(100_000):D5}";
    private int _nextToken = -1;
    private int _nextPhone = -1;

    public DnsEndPoint Server { get; } = server;

    /// <summary>Further hosts of the same cluster, which clients know, too.</summary>
    public IReadOnlyList<DnsEndPoint> OtherServers { get; init; } = [];

    public bool UseTls { get; init; }

    /// <summary>
    /// Whether a visit goes on after its connection was lost, as in an app: the client reconnects, and repeats what is safe to repeat.
    /// Otherwise a loss ends the visit.
    /// </summary>
    public bool OutlivesConnections { get; init; }

    /// <summary>The outbox for text messages of a server in Development; null if not readable.</summary>
    internal SmsOutbox? Codes { get; init; }

    /// <summary>After this time a request counts as unanswered.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The connections opened here.</summary>
    public ConnectionCount Connections { get; } = new();

    /// <summary>The token of the next user.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public string NextToken() => tokens.Count > 0
        ? tokens[(int)((uint)Interlocked.Increment(ref _nextToken) % (uint)tokens.Count)]
        : throw new InvalidOperationException("the scenario needs user tokens, and none were given");

    /// <summary>A phone number that is almost certainly unused.</summary>
    public string NewPhone() => $"{_phones}{(uint)Interlocked.Increment(ref _nextPhone) % 10_000_000:D7}";

    /// <param name="reconnects">
    /// Whether the client reconnects by itself and requests wait for it, as in an app; otherwise the scenario handles lost connections.
    /// </param>
    /// <exception cref="SwiperConnectionException">No connection could be made.</exception>
    /// <exception cref="SwiperException">The server refused the client.</exception>
    public async Task<SwiperClient> ConnectAsync(bool reconnects, CancellationToken cancellationToken) =>
        Connections.Watch(await SwiperClient.ConnectAsync(
            new SwiperClientOptions
            {
                Endpoints = [.. OtherServers.Prepend(Server).Select(server => new SwiperEndpoint(server.Host, server.Port))],
                UseTls = UseTls,
#pragma warning disable CA5359 // Test servers use self-signed certificates; this tests load, not certificates.
                ValidateCertificate = static (_, _, _, _) => true,
#pragma warning restore CA5359
                ClientName = "swiper-load",
                RequestTimeout = Timeout,
                ConnectTimeout = Timeout,
                KeepConnectingFor = OutlivesConnections ? Timeout : TimeSpan.Zero,
                Reconnect = reconnects,
                RetrySafeRequests = OutlivesConnections,
                MaxReconnectDelay = TimeSpan.FromSeconds(2),
                PushBuffer = 1,
                InlineCompletions = true,
            },
            cancellationToken).ConfigureAwait(false));

    /// <summary>Connects and signs in the next user.</summary>
    /// <inheritdoc cref="ConnectAsync"/>
    public async Task<SwiperClient> ConnectPersonAsync(bool reconnects, CancellationToken cancellationToken)
    {
        var client = await ConnectAsync(reconnects, cancellationToken).ConfigureAwait(false);
        try
        {
            await client.ResumeAsync(NextToken(), cancellationToken: cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
