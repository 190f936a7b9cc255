using System.Buffers;
using Swiper.Core.Social;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Social;

/// <summary>The swipes of a lane's batch: one multi-row insert in key order, and one journal row that lists the new ones.</summary>
internal sealed class SwipeRows
{
    private readonly List<SwipeOperation> _swipes = [];
    private readonly List<SwipeOperation> _repeats = [];
    private readonly Dictionary<(long Uid, long Sid), SwipeOperation> _firsts = [];
    private readonly Dictionary<(long Uid, long Sid), Existing> _existing = [];
    private readonly MultiRowInsert _insert =
        new("INSERT INTO swiped (uid, sid, kind, at, batch) VALUES", columns: 5, " ON DUPLICATE KEY UPDATE uid = uid", keyColumns: 2);
    private readonly KeyedSelect _findSwiped = new("SELECT uid, sid, kind, batch FROM swiped WHERE (uid, sid) IN", columns: 2);
    private readonly KeyedSelect _findFriends = new("SELECT uid, fid, completer FROM friends WHERE (uid, fid) IN", columns: 2);

    /// <summary>The swipes that existed before, by pair.</summary>
    private readonly record struct Existing(SwipeKind Kind, long Batch, bool IsOpen, bool Matched);

    public int Count => _swipes.Count + _repeats.Count;

    /// <summary>The new swipes of the batch just committed, which answers them.</summary>
    public SwipeBatch? Committed { get; set; }

    public void Add(SwipeOperation swipe)
    {
        var pair = (swipe.Swipe.Uid, swipe.Swipe.Sid);
        if (_firsts.TryAdd(pair, swipe))
            _swipes.Add(swipe);
        else
            _repeats.Add(swipe);
    }

    /// <summary>Writes the rows and tells every operation whether its swipe is new.</summary>
    public void Flush(ShardConnection connection, ClusterShard shard, int node, long batch)
    {
        foreach (var operation in _swipes)
            _insert.Add(operation.Swipe.Uid, operation.Swipe.Sid, (long)operation.Swipe.Kind, operation.Swipe.At, batch);
        if (_insert.Execute(connection) < _swipes.Count)
            FindExisting(connection, batch);

        var created = 0;
        foreach (var operation in _swipes)
        {
            Judge(operation);
            created += operation.IsNew ? 1 : 0;
        }
        foreach (var operation in _repeats)
            Judge(operation);
        Committed = created > 0 ? WriteJournal(connection, shard, node, batch, created) : null;
        Clear();
    }

    /// <summary>Drops what was collected.</summary>
    public void Clear()
    {
        _swipes.Clear();
        _repeats.Clear();
        _firsts.Clear();
        _existing.Clear();
        _insert.Clear();
        _findSwiped.Clear();
        _findFriends.Clear();
    }

    private void Judge(SwipeOperation operation)
    {
        var pair = (operation.Swipe.Uid, operation.Swipe.Sid);
        if (_existing.TryGetValue(pair, out var existing))
            operation.BecomeRepeat(existing.Kind, existing.IsOpen, existing.Matched);
        else if (_firsts[pair] is var first && first != operation)
            operation.BecomeRepeatOf(first);
        else
            operation.BecomeNew();
    }

    private void FindExisting(ShardConnection connection, long batch)
    {
        foreach (var operation in _swipes)
            _findSwiped.Add(operation.Swipe.Uid, operation.Swipe.Sid);
        _findSwiped.Execute(connection, row =>
        {
            if (row.GetInt64(3) != batch)
                _existing[(row.GetInt64(0), row.GetInt64(1))] =
                    new Existing((SwipeKind)row.GetInt32(2), row.GetInt64(3), IsOpen: false, Matched: false);
        });
        FindOpen(connection);
        FindMatches(connection);
    }

    // Check whether it is open before reading the outcome: the outcome of a closed swipe is final.
    private void FindOpen(ShardConnection connection)
    {
        foreach (var batch in _existing.Values.Select(existing => existing.Batch).ToHashSet())
        {
            connection.Query("SELECT swipes FROM journal WHERE batch = @p0 AND answered = 0", [batch], row =>
            {
                var (swipes, settled) = JournalRow.Unpack((byte[])row.GetValue(0));
                for (var i = 0; i < swipes.Length; i++)
                {
                    var pair = (swipes[i].Uid, swipes[i].Sid);
                    if (!settled[i] && _existing.TryGetValue(pair, out var existing))
                        _existing[pair] = existing with { IsOpen = true };
                }
            });
        }
    }

    private void FindMatches(ShardConnection connection)
    {
        foreach (var (pair, existing) in _existing)
        {
            if (existing.Kind != SwipeKind.Dislike)
                _findFriends.Add(pair.Uid, pair.Sid);
        }
        if (_findFriends.Count == 0)
            return;
        _findFriends.Execute(connection, row =>
        {
            var pair = (row.GetInt64(0), row.GetInt64(1));
            _existing[pair] = _existing[pair] with { Matched = row.GetInt64(2) == pair.Item1 };
        });
    }

    private SwipeBatch WriteJournal(ShardConnection connection, ClusterShard shard, int node, long batch, int created)
    {
        var operations = ArrayPool<SwipeOperation>.Shared.Rent(created);
        var swipes = new IndexedSwipe[created];
        var next = 0;
        foreach (var operation in _swipes)
        {
            if (!operation.IsNew)
                continue;
            operations[next] = operation;
            swipes[next++] = operation.Swipe;
        }
        connection.Execute(
            "INSERT INTO journal (batch, node, owner, answered, swipes) VALUES (@p0, @p1, @p2, 0, @p3) "
            + "ON DUPLICATE KEY UPDATE batch = batch",
            batch, node, shard.Engine.Node.Owner, JournalRow.Pack(swipes, []));
        return new SwipeBatch(shard, batch, swipes,
            new WaitingSwipes(operations, created, [.. _repeats.Where(repeat => repeat.IsAnsweredByBatch)]));
    }
}
