using Swiper.Core.Ranking;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Social;

namespace Swiper.Storage.Cluster.Repair;

/// <summary>Reads the swipes of some users: those they made from their own shard, those they received from all shards.</summary>
/// <param name="connections">One per shard; the reads are consistent if these are in a snapshot.</param>
/// <param name="now">The boards current around this time are summed up.</param>
internal sealed class SwipesReading(ShardConnection[] connections, long now)
{
    private readonly KeyedSelect _made = new("SELECT uid, sid, batch, kind FROM swiped WHERE uid IN", columns: 1);
    private readonly KeyedSelect _got = new("SELECT sid, uid, kind, at, batch FROM swiped WHERE sid IN", columns: 1);
    private readonly BoardPeriod[] _boards = [.. Enum.GetValues<BoardName>().Select(name => BoardPeriod.Of(name, now))];

    /// <summary>Rows read so far.</summary>
    public long Rows { get; private set; }

    /// <param name="uids">Users of one shard.</param>
    /// <param name="shard">That shard.</param>
    /// <param name="counts">
    /// Whether the batch of a shard that wrote a row last counts. If not, a swipe that it made is left out, and one that it took back
    /// stands.
    /// </param>
    public IReadOnlyCollection<UserSwipes> Read(IReadOnlyCollection<long> uids, int shard, Func<int, long, bool> counts)
    {
        var users = uids.ToDictionary(uid => uid, uid => new UserSwipes(uid));
        foreach (var uid in uids)
            _made.Add(uid);
        _made.Execute(connections[shard], row =>
        {
            Rows++;
            if (counts(shard, row.GetInt64(2)) != TakenBackSwipe.Is(row.GetInt32(3)))
                users[row.GetInt64(0)].AddSwiped(row.GetInt64(1));
        });
        for (var other = 0; other < connections.Length; other++)
        {
            foreach (var uid in uids)
                _got.Add(uid);
            _got.Execute(connections[other], row =>
            {
                Rows++;
                var kind = row.GetInt32(2);
                if (counts(other, row.GetInt64(4)) != TakenBackSwipe.Is(kind))
                    users[row.GetInt64(0)].AddSwipedBy(row.GetInt64(1), TakenBackSwipe.KindOf(kind), row.GetInt64(3), _boards);
            });
        }
        return users.Values;
    }
}
