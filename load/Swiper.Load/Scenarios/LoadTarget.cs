using System.Net;
using Swiper.Client;
using Swiper.Local.Hosts;

namespace Swiper.Load.Scenarios;

/// <summary>The server under load, and who may sign in there.</summary>
/// <param name="tokens">
/// Of people who exist, one a line of <c>./swiper robots</c>. People come in their order, and after the last the first again.
/// </param>
public sealed class LoadTarget(DnsEndPoint server, IReadOnlyList<string> tokens)
{
    // No country has the code 999, so no message can ever reach anybody.
    private readonly string _phones = $"+999{Random.Shared.Next(100_000):D5}";
    private int _nextToken = -1;
    private int _nextPhone = -1;

    public DnsEndPoint Server { get; } = server;

    public bool UseTls { get; init; }

    /// <summary>Where the server, in Development, writes its messages to phones; null where nobody can read them.</summary>
    internal SmsOutbox? Codes { get; init; }

    /// <summary>After that a request counts as unanswered.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections made here.</summary>
    public ConnectionCount Connections { get; } = new();

    /// <summary>The token of the next person.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public string NextToken() => tokens.Count > 0
        ? tokens[(int)((uint)Interlocked.Increment(ref _nextToken) % (uint)tokens.Count)]
        : throw new InvalidOperationException("the scenario needs tokens of people, and there are none");

    /// <summary>A number that nobody has, as good as surely.</summary>
    public string NewPhone() => $"{_phones}{(uint)Interlocked.Increment(ref _nextPhone) % 10_000_000:D7}";

    /// <param name="reconnects">
    /// The client comes back by itself, and requests wait for that as an app's do; else a lost connection is the scenario's business.
    /// </param>
    /// <exception cref="SwiperConnectionException">There is no connection to be had.</exception>
    /// <exception cref="SwiperException">The server refuses the client.</exception>
    public async Task<SwiperClient> ConnectAsync(bool reconnects, CancellationToken cancellationToken) =>
        Connections.Watch(await SwiperClient.ConnectAsync(
            new SwiperClientOptions
            {
                Host = Server.Host,
                Port = Server.Port,
                UseTls = UseTls,
#pragma warning disable CA5359 // A test of load, not of certificates: that of a test server is made by itself.
                ValidateCertificate = static (_, _, _, _) => true,
#pragma warning restore CA5359
                ClientName = "swiper-load",
                RequestTimeout = Timeout,
                ConnectTimeout = Timeout,
                Reconnect = reconnects,
                MaxReconnectDelay = TimeSpan.FromSeconds(2),
                PushBuffer = 1,
                InlineCompletions = true,
            },
            cancellationToken).ConfigureAwait(false));

    /// <summary>Connects and signs the next person in.</summary>
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
