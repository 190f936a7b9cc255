using System.Diagnostics;
using System.Net;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Local.Measuring;

namespace Swiper.Load.Neighbour;

/// <summary>A well-behaved user: pings, decks and swipes, one after the other, with a pause in between.</summary>
internal sealed class NeighbourClient : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly SwiperClient _client;
    private readonly long[] _people;
    private int _swiped;

    private NeighbourClient(SwiperClient client, long[] people) => (_client, _people) = (client, people);

    public static async Task<NeighbourClient> SignInAsync(IPEndPoint server, string token, long[] people)
    {
        var client = await SwiperClient.ConnectAsync(OptionsFor(server));
        await client.ResumeAsync(token);
        return new NeighbourClient(client, people);
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

    /// <summary>What it experiences meanwhile.</summary>
    public async Task<Experience> LiveAsync(TimeSpan time)
    {
        var experience = new Experience();
        for (var began = Stopwatch.StartNew(); began.Elapsed < time;)
        {
            await TimeAsync(experience, experience.Pings, async () => (await _client.TryPingAsync()).Failure.Code);
            await TimeAsync(experience, experience.Decks, async () => (await _client.TryDeckAsync()).Failure.Code);
            await TimeAsync(experience, experience.Swipes, async () =>
                (await _client.TrySwipeAsync(_people[_swiped++ % _people.Length], SwipeKind.Dislike)).Failure.Code);
        }
        return experience;
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

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
