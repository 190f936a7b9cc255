using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;
using Swiper.Storage.Tests.Contract;

namespace Swiper.Storage.Tests.Redis;

/// <summary>Stands for the shards: what was committed, lane by lane, and what an index of it must say. Any thread.</summary>
internal sealed class SwipeTruth
{
    /// <summary>
    /// Between a Sunday and a Monday: swipes around it fall on two days and two weeks. Far ahead, because a real server deletes the boards
    /// of a day that is over.
    /// </summary>
    public static readonly long Midnight = new DateTimeOffset(2043, 7, 13, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>By which the times of these swipes are over: an index counts what is ahead of its clock on the boards of now.</summary>
    public static readonly TimeProvider Clock = new JumpingClock
    {
        Ahead = DateTimeOffset.FromUnixTimeMilliseconds(Midnight).AddDays(1) - DateTimeOffset.UtcNow,
    };

    private readonly Lock _lock = new();
    private readonly Dictionary<(int Node, int Shard), List<IndexBatch>> _lanes = [];
    private readonly HashSet<(long, long)> _pairs = [];
    private readonly long[] _people;

    public SwipeTruth(int people, int seed = 1)
    {
        var random = new Random(seed);
        // As long as real ones, but a few short ones among them.
        _people = [.. Enumerable.Range(0, people).Select(i => i % 10 == 0 ? i + 1 : random.NextInt64(1L << 50, long.MaxValue)).Distinct()];
    }

    public IReadOnlyList<long> People => _people;

    public long Swipes
    {
        get
        {
            lock (_lock)
                return _lanes.Values.Sum(lane => lane.Sum(batch => (long)batch.Swipes.Length));
        }
    }

    /// <summary>Commits swipes of random pairs that have not met.</summary>
    public IndexBatch Commit(int node, int shard, int size, Random random)
    {
        lock (_lock)
        {
            var swipes = new List<IndexedSwipe>();
            while (swipes.Count < size)
            {
                var (uid, sid) = (_people[random.Next(_people.Length)], _people[random.Next(_people.Length)]);
                if (uid != sid && _pairs.Add((uid, sid)))
                    swipes.Add(new IndexedSwipe(uid, sid, (SwipeKind)random.Next(1, 4), Midnight + random.Next(-20_000, 20_000)));
            }

            return Commit(node, shard, [.. swipes]);
        }
    }

    public IndexBatch Commit(int node, int shard, params IndexedSwipe[] swipes)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue((node, shard), out var lane))
                _lanes.Add((node, shard), lane = []);
            // Ids grow, but not by one, and their number of digits grows too.
            var batch = new IndexBatch(node, shard, (lane.Count + 1L) * (lane.Count + 1) * (shard + 1), swipes);
            lane.Add(batch);
            return batch;
        }
    }

    /// <summary>The same batch again, as another host finds it in the journal.</summary>
    public static IndexBatch Again(IndexBatch batch) => new(batch.Node, batch.Shard, batch.Batch, batch.Swipes);

    public TruthSnapshot Snapshot()
    {
        lock (_lock)
        {
            return new TruthSnapshot(
                _people, [.. _lanes.Values.SelectMany(lane => lane).SelectMany(batch => batch.Swipes.ToArray())],
                [.. _lanes.Select(lane => new LaneMark(lane.Key.Node, lane.Key.Shard, lane.Value[^1].Batch))]);
        }
    }
}

/// <summary>The truth at one moment.</summary>
internal sealed class TruthSnapshot
{
    private readonly ILookup<long, IndexedSwipe> _own;
    private readonly ILookup<long, IndexedSwipe> _theirs;
    private readonly long[] _people;

    public TruthSnapshot(long[] people, IndexedSwipe[] swipes, LaneMark[] marks)
    {
        _people = people;
        _own = swipes.ToLookup(swipe => swipe.Uid);
        _theirs = swipes.ToLookup(swipe => swipe.Sid);
        Marks = marks;
    }

    public IReadOnlyList<LaneMark> Marks { get; }

    public IEnumerable<MendedUser> UsersOf(int group) => _people.Where(uid => UserGroups.Of(uid) == group).Select(User);

    public MendedUser User(long uid) => new(
        uid, _own[uid].Select(swipe => swipe.Sid).ToArray(),
        _theirs[uid].Where(swipe => swipe.Kind != SwipeKind.Dislike).Select(swipe => new IndexedLiker(swipe.Uid, swipe.Kind, swipe.At))
            .ToArray(),
        Enum.GetValues<BoardName>().SelectMany(name => _theirs[uid].GroupBy(swipe => BoardPeriod.Of(name, swipe.At)))
            .Select(board => new MendedScore(board.Key, board.Sum(swipe => Points.For(swipe.Kind)), board.Max(swipe => swipe.At)))
                .ToArray());

    /// <summary>Reads all there is of everyone and compares.</summary>
    public async Task AssertIndexedAsync(IndexRepair repair, bool trusted = true)
    {
        foreach (var chunk in _people.Chunk(200))
            await Task.WhenAll(chunk.Select(uid => AssertIndexedAsync(repair, uid, trusted)));
    }

    /// <summary>Again where a busy machine lets a deadline pass, which is not what is asked here.</summary>
    private static async Task<IndexedUser> ReadAsync(IndexRepair repair, long uid, long moment)
    {
        IndexedUser? found = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    found = await repair.ReadAsync(uid, moment);
                    return true;
                }
                catch (Exception exception) when (exception is TimeoutException or StackExchange.Redis.RedisException)
                {
                    return false;
                }
            },
            "an answer of Redis");
        return found!;
    }

    private async Task AssertIndexedAsync(IndexRepair repair, long uid, bool trusted)
    {
        var expected = User(uid);
        foreach (var moment in (long[])[SwipeTruth.Midnight - 1, SwipeTruth.Midnight])
        {
            var found = await ReadAsync(repair, uid, moment);
            Assert.Equal(trusted, found.Trusted);
            Assert.Equal(expected.Swiped.ToArray().Order(), found.Swiped.Order());
            Assert.Equal(expected.Likers.ToArray().Select(liker => (liker.Uid, liker.At)).Order(),
                found.Likers.Select(liker => (liker.Key, liker.Value)).Order());
            Assert.Equal(
                expected.Likers.ToArray().Where(liker => liker.Kind == SwipeKind.Superlike).Select(liker => (liker.Uid, liker.At)).Order(),
                found.Superlikers.Select(liker => (liker.Key, liker.Value)).Order());
            Assert.Equal(
                expected.Scores.ToArray().Where(score => score.Board == BoardPeriod.Of(score.Board.Name, moment))
                    .OrderBy(score => score.Board.Name),
                found.Scores.OrderBy(score => score.Board.Name));
        }
    }
}
