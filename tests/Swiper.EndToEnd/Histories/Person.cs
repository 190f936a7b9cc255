using Swiper.Client;

namespace Swiper.EndToEnd.Histories;

/// <summary>Where people connect to, whatever becomes of it.</summary>
internal interface IStage
{
    /// <summary>Connects to a host that is up.</summary>
    /// <param name="token">Whose.</param>
    /// <param name="device">Which of the person's devices: each prefers another host.</param>
    /// <returns>The connection, and the number of its host; 0 if there are no others.</returns>
    /// <exception cref="SwiperConnectionException">None can be reached just now.</exception>
    Task<(Server Server, int Host)> ConnectAsync(string token, int device);
}

/// <summary>
/// A person with two devices, on each of which something is asked again and again, whatever becomes of the hosts. Everything is recorded.
/// </summary>
/// <param name="history">Where.</param>
/// <param name="stage">Where the hosts are.</param>
/// <param name="plant">Puts something between a device and its server.</param>
/// <param name="token">The person's.</param>
internal sealed class Person(History history, IStage stage, Func<IServer, IServer> plant, string token)
{
    private const int Devices = 2;

    // So many writes without a reply leave open enough.
    private const int MostUnanswered = 6;

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(200);

    private int _unanswered;

    public required long Uid { get; init; }

    /// <summary>Does so many random things of a repertoire to others, on both devices at once. The seed is the person's own.</summary>
    public Task PlayAsync(IReadOnlyList<long> others, IReadOnlyList<Deed> repertoire, int deeds, int seed) =>
        Task.WhenAll(Enumerable.Range(0, Devices).Select(device =>
            Task.Run(() => PlayAsync(device, others, repertoire, deeds, seed))));

    /// <summary>Asks these, one after the other, each until it is answered.</summary>
    public async Task AskAsync(params IEnumerable<Call> calls)
    {
        await using var device = new Device(history, stage, plant, token, number: 0);
        foreach (var call in calls)
            await Eventually.HoldsAsync(() => device.TryAskAsync(call), $"{call} is answered");
    }

    private async Task PlayAsync(int number, IReadOnlyList<long> others, IReadOnlyList<Deed> repertoire, int deeds, int seed)
    {
        var random = SeededRandom.Of(seed, number);
        await using var device = new Device(history, stage, plant, token, number);
        for (var done = 0; done < deeds; done++)
        {
            var call = Next(others, repertoire, seed, random);
            if (_unanswered >= MostUnanswered && call.Deed is not (Deed.LikedMe or Deed.Friend or Deed.Deck or Deed.UndoLeft))
                continue;
            await Task.Delay(random.Next(0, 12));
            if (!await device.TryAskAsync(call))
            {
                Interlocked.Increment(ref _unanswered);
                await Task.Delay(TryAgainAfter);
            }
        }
    }

    private Call Next(IReadOnlyList<long> others, IReadOnlyList<Deed> repertoire, int seed, Random random)
    {
        var (deed, place) = (repertoire[random.Next(repertoire.Count)], random.Next(others.Count));
        if (deed == Deed.Like)
        {
            // Mostly as before, so that many are repeated.
            var kind = random.Next(5) > 0 ? SeededRandom.Mix(seed, place) & 7 : random.Next(8);
            deed = kind < 6 ? Deed.Like : kind < 7 ? Deed.Superlike : Deed.Dislike;
        }

        return new Call(deed, Uid, deed is Deed.Rewind or Deed.LikedMe or Deed.Deck or Deed.UndoLeft ? 0 : others[place]);
    }

    /// <summary>One connection after the other.</summary>
    private sealed class Device(History history, IStage stage, Func<IServer, IServer> plant, string token, int number) : IAsyncDisposable
    {
        private Server? _server;
        private IServer _asked = null!;
        private int _host;
        private int _connection;
        private long _uid;

        /// <summary>Asks, on a new connection if there is none; false if there is no answer.</summary>
        public async Task<bool> TryAskAsync(Call call)
        {
            _uid = call.Uid;
            await ConnectAsync();
            var invoked = history.Now;
            Answer? answer = null;
            try
            {
                answer = await _asked.AskAsync(call);
            }
            catch (Exception exception) when (exception is SwiperConnectionException or ObjectDisposedException)
            {
                await CloseAsync();
            }

            history.Add(new Recorded(_connection, _host, call, answer, invoked, history.Now));
            return answer is not null;
        }

        public async ValueTask DisposeAsync() => await CloseAsync();

        private Task ConnectAsync() => Eventually.HoldsAsync(async () =>
        {
            if (_server is not null)
                return true;
            try
            {
                (_server, _host) = await stage.ConnectAsync(token, number);
                (_asked, _connection) = (plant(_server), history.NewConnection());
                return true;
            }
            catch (Exception exception) when (exception is SwiperConnectionException or ObjectDisposedException or SwiperException)
            {
                // No host is up, or the store that knows the person is not.
                await Task.Delay(TryAgainAfter);
                return false;
            }
        }, "a connection");

        private async Task CloseAsync()
        {
            if (_server is null)
                return;
            history.AddPushes(_connection, _uid, await _server.CloseAsync());
            await _server.DisposeAsync();
            _server = null;
        }
    }
}
