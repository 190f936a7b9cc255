using BenchmarkDotNet.Attributes;
using Swiper.Bench.Hosting;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;

namespace Swiper.Bench.Repositories;

/// <summary>The embedded engine.</summary>
public class EmbeddedRepositoryBenchmarks : RepositoryBenchmarks
{
    private protected override BenchStore StartStore(int people) => BenchStore.StartEmbedded(people);
}

/// <summary>The cluster engine on two private MySQL shards and Redis, deleted afterwards.</summary>
[BenchmarkCategory(BenchmarkCategories.Cluster)]
public class ClusterRepositoryBenchmarks : RepositoryBenchmarks
{
    private protected override BenchStore StartStore(int people) => BenchStore.StartCluster(people);
}

/// <summary>
/// The calls of handlers to an engine, without the handlers, with the given number in flight, each starting the next. One operation is
/// one call.
/// </summary>
public abstract class RepositoryBenchmarks : IDisposable
{
    private const int Operations = 256;
    private const int Crowd = 2_000;
    private const int Likers = 100;

    // Number of concurrent swipers.
    private const int Swipers = 256;

    private readonly List<IDisposable> _loops = [];
    private BenchStore _store = null!;
    private SwipePairs _pairs = null!;
    private ConcurrentCallers<CachedProfile?> _profiles = null!;
    private ConcurrentCallers<Outcome<CachedProfile>> _updates = null!;
    private ConcurrentCallers<DeckDraw> _decks = null!;
    private ConcurrentCallers<IReadOnlyList<ReceivedLike>> _likes = null!;
    private ConcurrentCallers<IReadOnlyList<BoardStanding>> _tops = null!;
    private ConcurrentCallers<IReadOnlyList<BoardStanding>> _arounds = null!;
    private ConcurrentCallers<BoardStanding?> _ranks = null!;
    private ConcurrentCallers<bool> _friends = null!;
    private ConcurrentCallers<KeptPushes> _pushes = null!;
    private ConcurrentCallers<Outcome<SwipeReply>> _swipes = null!;

    [Params(1, 64)]
    public int InFlight { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _store = StartStore(Crowd + 2 + Likers);
        var (engine, uids) = (_store.Engine, _store.Uids);
        // The crowd swipes in the measurement and needs new pairs; the others swipe beforehand.
        var (crowd, fan, me, likers) = (uids[..Crowd], uids[Crowd], uids[Crowd + 1], uids[(Crowd + 2)..]);
        _pairs = new SwipePairs(crowd, Swipers);
        _store.Like(crowd.Select(uid => (fan, uid)).Concat(likers.Select(uid => (uid, me))));
        _store.Like([(me, likers[0])]);
        var profile = Answer(engine.Accounts.FindAsync(me))!.Profile;
        var today = WireTime.Day(TimeProvider.System.NowMs());

        _profiles = Loop(() => engine.Accounts.FindAsync(me), static profile => profile is not null);
        _updates = Loop(() => engine.Accounts.UpdateAsync(me, new ProfileChange { Location = "Berlin" }, TimeProvider.System.NowMs()),
            static outcome => outcome.IsOk);
        _decks = Loop(() => engine.Decks.DrawAsync(profile, 30, today), static draw => draw.People.Count == 30);
        _likes = Loop(() => engine.Likes.ReadAsync(me, null, 30), static likes => likes.Count == 30);
        _tops = Loop(() => engine.Boards.TopAsync(BoardName.All, 50), static top => top.Count == 50);
        _arounds = Loop(() => engine.Boards.AroundAsync(BoardName.All, crowd[100], 11), static around => around.Count == 11);
        _ranks = Loop(() => engine.Boards.RankOfAsync(BoardName.All, crowd[100]), static rank => rank is not null);
        _friends = Loop(() => engine.Friends.AreFriendsAsync(me, likers[0]), static friends => friends);
        _pushes = Loop(() => engine.Pushes.ReadAfterAsync(me, 0), static kept => kept.Pushes.Count == 1);
        _swipes = Loop(() => Swipe(_pairs.Next()), static outcome => outcome.IsOk);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void FindProfile() => _profiles.Run(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void UpdateProfile() => _updates.Run(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void DrawDeck() => _decks.Run(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void ReadLikes() => _likes.Run(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Top50() => _tops.Run(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Around() => _arounds.Run(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void RankOf() => _ranks.Run(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void AreFriends() => _friends.Run(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void ReadPushes() => _pushes.Run(Operations);

    /// <summary>Dislikes of new pairs.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void Swipe() => _swipes.Run(Operations);

    [GlobalCleanup]
    public void Dispose()
    {
        _store.Dispose();
        foreach (var loop in _loops)
            loop.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract BenchStore StartStore(int people);

    private ValueTask<Outcome<SwipeReply>> Swipe((long Uid, long Sid) pair) =>
        _store.Engine.Swipes.SwipeAsync(pair.Uid, pair.Sid, SwipeKind.Dislike, TimeProvider.System.NowMs());

    private ConcurrentCallers<TResult> Loop<TResult>(Func<ValueTask<TResult>> start, Predicate<TResult> expected)
    {
        var loop =
            new ConcurrentCallers<TResult>(InFlight, start, result => Verification.Require(expected(result), "the result is as expected"));
        _loops.Add(loop);
        // Run once now, so that wrong results fail during setup.
        loop.Run(1);
        return loop;
    }

    private static TResult Answer<TResult>(ValueTask<TResult> pending) => pending.AsTask().GetAwaiter().GetResult();
}
