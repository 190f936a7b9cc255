using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Storage;
using Swiper.Load.Scenarios;
using Swiper.Local.Measuring;

namespace Swiper.EndToEnd.Running;

/// <summary>
/// Users who must not notice that hosts are restarted: guests who live a `mixed-day`, and regulars who swipe each other on one
/// client each and keep the pushes that it brings. Every answer that no user should see is a failure.
/// </summary>
internal sealed class UnawareUsers : IAsyncDisposable
{
    private const int Regulars = 100;
    private const int Guests = 60;

    // A pair can be swiped once each way, and the swipes have to last for all restarts.
    private static readonly TimeSpan LookAtAPhoto = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _leaving = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly LatencyHistogram _latencies = new();
    private readonly SwipeLedger _ledger = new();
    private readonly MixedDayScenario _evening = new();
    private readonly LoadTarget _target;
    private readonly ScenarioRun _run;
    private readonly List<IVirtualUser> _guests = [];
    private readonly List<Regular> _regulars = [];
    private Task _living = Task.CompletedTask;
    private long _answered;
    private long _lastAnswer;
    private long _longestGap;

    private UnawareUsers(IReadOnlyList<IPEndPoint> hosts, string[] guests)
    {
        var servers = hosts.Select(host => new DnsEndPoint(host.Address.ToString(), host.Port)).ToArray();
        _target = new LoadTarget(servers[0], guests)
        {
            OtherServers = servers[1..], OutlivesConnections = true, Timeout = Patience.Limit,
        };
        _run = _evening.Begin(_target);
    }

    /// <summary>Requests answered so far.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>
    /// Signs in a hundred people as regulars and has the others come and go. They should be many: whoever visits twice at once swipes
    /// people that they have just swiped.
    /// </summary>
    public static async Task<UnawareUsers> ArriveAsync(IReadOnlyList<IPEndPoint> hosts, string[] tokens)
    {
        var users = new UnawareUsers(hosts, tokens[Regulars..]);
        var options = new SwiperClientOptions
        {
            Endpoints = [.. hosts.Select(host => new SwiperEndpoint(host.Address.ToString(), host.Port))],
            UseTls = false,
            RetrySafeRequests = true,
            RequestTimeout = Patience.Limit,
            ConnectTimeout = Patience.Limit,
            MaxReconnectDelay = TimeSpan.FromSeconds(1),
            PushBuffer = 100_000,
        };
        foreach (var token in tokens[..Regulars])
            users._regulars.Add(await Regular.ArriveAsync(options, token));
        for (var guest = 0; guest < Guests; guest++)
            users._guests.Add(await users._run.ConnectUserAsync(CancellationToken.None));

        users._lastAnswer = Stopwatch.GetTimestamp();
        users._living = Task.WhenAll(
        [
            .. users._guests.Select(guest => Task.Run(() => users.VisitAsync(guest))),
            .. users._regulars.Select((regular, index) => Task.Run(() => users.SwipeAllAsync(regular, new Random(index)))),
        ]);
        return users;
    }

    /// <summary>Returns when so many more requests have been answered than now.</summary>
    public async Task AnswersAsync(int more)
    {
        var wanted = Answered + more;
        await Eventually.HoldsAsync(() => Answered >= wanted || _living.IsCompleted, $"{more} more answers");
        if (_living.IsCompleted)
            await _living;
    }

    /// <summary>Nobody asks anything more; returns when all is answered that was asked. Not one call may have failed.</summary>
    /// <param name="except">A failure that may happen.</param>
    public async Task StopAsync(string? except = null)
    {
        await _leaving.CancelAsync();
        await _living.WaitAsync(Patience.Limit);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Answered} requests answered, p50 {Ms(_latencies.At(50))}, p99 {Ms(_latencies.At(99))}, p99.9 {Ms(_latencies.At(99.9))}, "
            + $"max {Ms(_latencies.Max)}; longest time without any answer {Ms(Stopwatch.GetElapsedTime(0, _longestGap))}; "
            + $"{_target.Connections.Lost} connections of guests lost");
        Assert.Empty(_failures.Where(failure => failure != except).GroupBy(failure => failure)
            .Select(failures => $"{failures.Count()} times {failures.Key}"));

        static string Ms(TimeSpan time) => $"{time.TotalMilliseconds:0.0} ms";
    }

    /// <summary>
    /// What was acknowledged is there, and what follows from the regulars' swipes once; each of them has got each push that is stored
    /// for them once and in order, and no other.
    /// </summary>
    public async Task VerifyAsync(Truth truth)
    {
        foreach (var ((uid, sid), (kind, matched)) in _ledger.Entries)
        {
            Assert.True(truth.Swiped.TryGetValue((uid, sid), out var stored), $"{uid} -> {sid} was acknowledged and is lost");
            Assert.Equal(kind, stored);
            Assert.Equal(matched, truth.Friends.TryGetValue((uid, sid), out var friendship) && friendship.Completer == uid);
        }

        var regulars = _regulars.Select(regular => regular.Uid).ToHashSet();
        var due = truth.Friends.Keys.Select(friend => (User: friend.Uid, Opcode.Matched, Subject: friend.Fid))
            .Concat(truth.Swiped.Where(swipe => swipe.Value == SwipeKind.Superlike)
                .Select(swipe => (User: swipe.Key.Sid, Opcode.Superliked, Subject: swipe.Key.Uid)))
            .ToLookup(push => push.User, push => (push.Item2, push.Subject));
        foreach (var regular in _regulars)
        {
            var stored = truth.Pushes.GetValueOrDefault(regular.Uid) ?? [];
            await Eventually.HoldsAsync(() => regular.NewestPush >= stored.Keys.LastOrDefault(), "the newest push has come");
            Assert.Equal(stored.Select(push => (push.Key, push.Value.Opcode, push.Value.Subject)), await regular.LeaveAsync());
            // Guests take back some of their swipes, and no push.
            Assert.Equal(
                due[regular.Uid].Where(push => regulars.Contains(push.Subject)).Order(),
                stored.Values.Where(push => regulars.Contains(push.Subject)).Select(push => (push.Opcode, push.Subject)).Order());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _living.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var guest in _guests)
            await guest.DisposeAsync();
        await _run.DisposeAsync();
        foreach (var regular in _regulars)
            await regular.DisposeAsync();
        _leaving.Dispose();
    }

    private async Task VisitAsync(IVirtualUser guest)
    {
        while (!_leaving.IsCancellationRequested)
        {
            int step;
            try
            {
                step = await guest.NextAsync(_leaving.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            var asked = Stopwatch.GetTimestamp();
            var outcome = await guest.RunAsync(step);
            Note(asked);
            if (!_evening.IsExpected(outcome.Code))
                _failures.Enqueue($"{_evening.Steps[step]}: {outcome.Code}");
        }
    }

    private async Task SwipeAllAsync(Regular regular, Random random)
    {
        var others = _regulars.Where(other => other != regular).Select(other => other.Uid).ToArray();
        random.Shuffle(others);
        while (!_leaving.IsCancellationRequested)
        {
            foreach (var sid in others)
            {
                var kind = SwipeStorm.KindOf(regular.Uid, sid);
                var asked = Stopwatch.GetTimestamp();
                var known = _ledger.IsAcknowledged(regular.Uid, sid);
                try
                {
                    _ledger.Note(regular.Uid, sid, kind, await regular.Client.SwipeAsync(sid, kind), mustBeRepeated: known);
                }
                catch (Exception exception) when (exception is SwiperException || StepOutcome.IsLoss(exception))
                {
                    _failures.Enqueue($"a swipe of a regular: {exception.Message}");
                }
                Note(asked);
                await Task.Delay(LookAtAPhoto, _leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_leaving.IsCancellationRequested)
                    return;
            }
        }
    }

    private void Note(long asked)
    {
        var now = Stopwatch.GetTimestamp();
        _latencies.Record(Stopwatch.GetElapsedTime(asked, now));
        Interlocked.Increment(ref _answered);
        var gap = now - Interlocked.Exchange(ref _lastAnswer, now);
        for (var longest = Volatile.Read(ref _longestGap); gap > longest;)
        {
            var found = Interlocked.CompareExchange(ref _longestGap, gap, longest);
            if (found == longest)
                break;
            longest = found;
        }
    }

    /// <summary>One person on one client, which outlives all connections.</summary>
    private sealed class Regular : IAsyncDisposable
    {
        private readonly List<(long Seq, Opcode Opcode, long Subject)> _pushes = [];
        private readonly Task _reading;
        private long _newestPush;

        private Regular(SwiperClient client)
        {
            Client = client;
            _reading = ReadAsync();
        }

        public SwiperClient Client { get; }

        public long Uid => Client.Uid!.Value;

        public long NewestPush => Volatile.Read(ref _newestPush);

        public static async Task<Regular> ArriveAsync(SwiperClientOptions options, string token)
        {
            var client = await SwiperClient.ConnectAsync(options);
            await client.ResumeAsync(token, lastPushSeq: 0);
            return new Regular(client);
        }

        /// <summary>Closes the client; all numbered pushes that it has delivered, in their order.</summary>
        public async Task<IReadOnlyList<(long Seq, Opcode Opcode, long Subject)>> LeaveAsync()
        {
            await Client.DisposeAsync();
            await _reading.WaitAsync(Patience.Limit);
            return _pushes;
        }

        public ValueTask DisposeAsync() => Client.DisposeAsync();

        private async Task ReadAsync()
        {
            await foreach (var push in Client.Pushes)
            {
                if (push.Seq == 0)
                    continue;
                _pushes.Add(push switch
                {
                    SwiperPush.Matched matched => (push.Seq, Opcode.Matched, matched.Uid),
                    SwiperPush.Superliked superliked => (push.Seq, Opcode.Superliked, superliked.Uid),
                    SwiperPush.Unmatched unmatched => (push.Seq, Opcode.Unmatched, unmatched.Uid),
                    _ => (push.Seq, default, 0),
                });
                Volatile.Write(ref _newestPush, push.Seq);
            }
        }
    }
}
