using System.Diagnostics;
using System.Net;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Local.Measuring;

namespace Swiper.Load.Neighbour;

/// <summary>
/// Well-behaved users, each within its quotas: pings, decks and swipes, one after the other, with a pause in between.
/// </summary>
internal sealed class Neighbours : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly List<SwiperClient> _clients = [];
    private readonly long[] _people;
    private int _rounds;

    private Neighbours(long[] people) => _people = people;

    public static async Task<Neighbours> SignInAsync(IPEndPoint server, IEnumerable<string> tokens, long[] people)
    {
        var neighbours = new Neighbours(people);
        foreach (var token in tokens)
        {
            var client = await SwiperClient.ConnectAsync(OptionsFor(server));
            neighbours._clients.Add(client);
            await client.ResumeAsync(token);
        }
        return neighbours;
    }

    public static SwiperClientOptions OptionsFor(IPEndPoint server) => new()
    {
        Host = server.Address.ToString(),
        Port = server.Port,
        UseTls = false,
        Reconnect = false,
        RequestTimeout = TimeSpan.FromSeconds(60),
        ConnectTimeout = TimeSpan.FromSeconds(60),
        PushBuffer = 100_000,
    };

    /// <summary>What they experience meanwhile.</summary>
    public async Task<Experience> LiveAsync(TimeSpan time)
    {
        var experience = new Experience();
        for (var began = Stopwatch.StartNew(); began.Elapsed < time;)
        {
            var round = _rounds++;
            var client = _clients[round % _clients.Count];
            var sid = _people[round / _clients.Count % _people.Length];
            await TimeAsync(experience, experience.Pings, async () => (await client.TryPingAsync()).Failure.Code);
            await TimeAsync(experience, experience.Decks, async () => (await client.TryDeckAsync()).Failure.Code);
            await TimeAsync(experience, experience.Swipes, async () =>
                (await client.TrySwipeAsync(sid, SwipeKind.Dislike)).Failure.Code);
        }
        return experience;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
    }

    private static async Task TimeAsync(Experience experience, LatencyHistogram latencies, Func<Task<StatusCode>> ask)
    {
        var began = Stopwatch.GetTimestamp();
        var code = await ask();
        latencies.Record(Stopwatch.GetElapsedTime(began));
        if (code != StatusCode.Ok)
            experience.Refusals.Add(code);
        await Task.Delay(Pause);
    }
}

/// <summary>The latencies of a user's requests, and the codes of those that failed.</summary>
internal sealed class Experience
{
    public LatencyHistogram Pings { get; } = new();

    public LatencyHistogram Decks { get; } = new();

    public LatencyHistogram Swipes { get; } = new();

    public List<StatusCode> Refusals { get; } = [];
}
