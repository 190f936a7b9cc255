using Swiper.Core.Social;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Social;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// The swipes of a lane's batch until they are committed: one multi-row insert in key order, and one journal row that lists the new ones.
/// From the commit on the new ones belong to a <see cref="SwipeBatch"/>. Rewinds come after the swipes: a user's later swipes wait for
/// them.
/// </summary>
internal sealed class SwipeRows(SwipePath path, ClusterShard shard)
{
    private readonly LaneClaim _lane = new(shard, path.Clock);
    private readonly List<SwipeOperation> _swipes = [];
    private readonly List<SwipeOperation> _repeats = [];
    private readonly SwiperRows _swipers = new(path.Clock);
    private readonly RewindRows _rewinds = new(path, shard);
    private readonly Dictionary<(long Uid, long Sid), SwipeOperation> _firsts = [];
    private readonly Dictionary<(long Uid, long Sid), Existing> _existing = [];
    private readonly MultiRowInsert _insert =
        new("INSERT INTO swiped (uid, sid, kind, at, batch) VALUES", columns: 5, " ON DUPLICATE KEY UPDATE uid = uid", keyColumns: 2);
    private readonly MultiRowInsert _retime =
        new("INSERT INTO swiped (uid, sid, kind, at, batch) VALUES", columns: 5, " ON DUPLICATE KEY UPDATE at = VALUES(at)",
            keyColumns: 2);
    private readonly KeyedSelect _findSwiped = new("SELECT uid, sid, kind, batch, at FROM swiped WHERE (uid, sid) IN", columns: 2);
    private readonly KeyedSelect _findFriends = new("SELECT uid, fid, completer, since FROM friends WHERE (uid, fid) IN", columns: 2);

    private byte[] _row = [];

    // The batch of the transaction, from its flush on: its id, and the batch itself if any of its swipes is new.
    private long _id;
    private SwipeBatch? _batch;

    /// <summary>The swipes that existed before, by pair.</summary>
    private readonly record struct Existing(SwipeKind Kind, long At, long Batch, bool IsOpen, bool Matched, bool IsTakenBack);

    public void Add(SwipeOperation swipe)
    {
        var pair = (swipe.Swipe.Uid, swipe.Swipe.Sid);
        if (_firsts.TryAdd(pair, swipe))
            _swipes.Add(swipe);
        else
            _repeats.Add(swipe);
    }

    public void Add(RewindOperation rewind) => _rewinds.Add(rewind);

    /// <summary>Writes the rows, tells every operation whether its swipe is new, and makes a batch of the new ones.</summary>
    public void Flush(ShardConnection connection)
    {
        if (_swipes.Count == 0 && _rewinds.Count == 0)
            return;
        var claim = path.Node.Claim;
        _lane.Take(connection, claim);
        if (_swipes.Count > 0)
            Write(connection, claim);
        if (_rewinds.Count > 0)
            _rewinds.Flush(connection, _lane, claim);
        Clear();
    }

    private void Write(ShardConnection connection, NodeClaim claim)
    {
        _id = _lane.NextBatch();
        shard.OpenBatches.TryAdd(_id);
        _lane.Advance(connection, _id);

        _swipers.FindLimits(connection, _swipes);
        foreach (var operation in _swipes)
        {
            if (!_swipers.MayInsert(operation))
                continue;
            _swipers.GiveTime(operation);
            _insert.Add(operation.Swipe.Uid, operation.Swipe.Sid, (long)operation.Swipe.Kind, operation.Swipe.At, _id);
        }

        if (_insert.Execute(connection) < _swipes.Count)
            FindExisting(connection);
        var created = Judge();
        if (created > 0)
        {
            if (_swipers.ReadsTimes)
                CorrectTimes(connection);
            var swipes = BatchedSwipes.Of(_swipes, _repeats, created);
            _batch = new SwipeBatch(path, shard, _id, swipes);
            connection.Execute(
                "INSERT INTO journal (batch, node, owner, answered, swipes) VALUES (@p0, @p1, @p2, 0, @p3) "
                + "ON DUPLICATE KEY UPDATE batch = batch",
                _id, claim.Node, path.Node.Owner, RowOf(swipes.All.Span));
            _swipers.Put(connection, _swipes);
        }
    }

    /// <summary>
    /// The transaction is durable: the batch goes to the index, after the lane's earlier ones and before its later ones.
    /// </summary>
    public void Committed()
    {
        if (_batch is not null)
            _batch.Committed();
        else if (_id != 0)
            // Nothing but repeats leaves nothing to settle.
            shard.OpenBatches.Remove(_id);
        _id = 0;
        _rewinds.Committed();
    }

    /// <summary>The lane has let go of the operations: the batch takes over.</summary>
    public void Released()
    {
        if (_batch is { } batch)
            _ = batch.SettleAsync();
        _batch = null;
        _rewinds.Released();
    }

    /// <summary>
    /// The transaction was rolled back. If it turns out to have been committed after all, claiming the lane again finds it in the journal.
    /// </summary>
    public void RolledBack()
    {
        if (_id != 0)
            shard.OpenBatches.Remove(_id);
        (_id, _batch) = (0, null);
        _rewinds.RolledBack();
        _lane.Forget();
    }

    /// <summary>Claims the lane again and recovers its unsettled batches.</summary>
    public void TakeLane(ShardConnection connection)
    {
        _lane.Forget();
        _lane.Take(connection, path.Node.Claim);
    }

    /// <summary>Drops what was collected.</summary>
    public void Clear()
    {
        _swipes.Clear();
        _repeats.Clear();
        _firsts.Clear();
        _existing.Clear();
        _insert.Clear();
        _retime.Clear();
        _findSwiped.Clear();
        _findFriends.Clear();
        _swipers.Clear();
        _rewinds.Clear();
    }

    /// <summary>Gives later times to the new swipes of those who have swiped on another host whose clock is ahead.</summary>
    private void CorrectTimes(ShardConnection connection)
    {
        _swipers.FindTimes(connection, _swipes.Where(operation => operation is { IsNew: true, MostLikes: int.MaxValue }));
        foreach (var operation in _swipes)
        {
            if (operation is { IsNew: true, MostLikes: int.MaxValue } && _swipers.GiveLaterTime(operation))
                _retime.Add(operation.Swipe.Uid, operation.Swipe.Sid, (long)operation.Swipe.Kind, operation.Swipe.At, _id);
        }

        _retime.Execute(connection);
    }

    /// <summary>Returns how many swipes are new.</summary>
    private int Judge()
    {
        var created = 0;
        foreach (var operation in _swipes)
        {
            Judge(operation);
            if (operation.IsNew)
                created++;
            else
                _swipers.WasNotMade(operation);
        }
        foreach (var operation in _repeats)
            Judge(operation);
        return created;
    }

    private void Judge(SwipeOperation operation)
    {
        var pair = (operation.Swipe.Uid, operation.Swipe.Sid);
        if (_existing.TryGetValue(pair, out var existing))
        {
            if (existing.IsTakenBack)
                operation.Defer();
            else
                operation.BecomeRepeat(existing.Kind, existing.IsOpen, existing.Matched);
        }
        else if (_firsts[pair] is var first && first != operation)
            operation.BecomeRepeatOf(first);
        else if (!_swipers.IsLeftOut(operation))
            operation.BecomeNew();
        else if (_swipers.MayTryAgain(operation))
            operation.Defer();
        else
            operation.BecomeOverQuota();
    }

    /// <summary>The journal row, in a buffer that every batch uses: the driver does not keep it after the statement.</summary>
    private ReadOnlyMemory<byte> RowOf(ReadOnlySpan<IndexedSwipe> swipes)
    {
        var size = JournalRow.SizeOf(swipes.Length);
        if (_row.Length < size)
            _row = new byte[size * 2];
        JournalRow.Write(_row, swipes, []);
        return _row.AsMemory(0, size);
    }

    private void FindExisting(ShardConnection connection)
    {
        foreach (var operation in _swipes)
            _findSwiped.Add(operation.Swipe.Uid, operation.Swipe.Sid);
        _findSwiped.Execute(connection, row =>
        {
            if (row.GetInt64(3) != _id)
                _existing[(row.GetInt64(0), row.GetInt64(1))] = new Existing(
                    TakenBackSwipe.KindOf(row.GetInt32(2)), row.GetInt64(4), row.GetInt64(3), IsOpen: false, Matched: false,
                    TakenBackSwipe.Is(row.GetInt32(2)));
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
            if (existing is { Kind: not SwipeKind.Dislike, IsTakenBack: false })
                _findFriends.Add(pair.Uid, pair.Sid);
        }
        if (_findFriends.Count == 0)
            return;
        _findFriends.Execute(connection, row =>
        {
            var pair = (row.GetInt64(0), row.GetInt64(1));
            var match = new Match(row.GetInt64(2), row.GetInt64(3));
            _existing[pair] = _existing[pair] with { Matched = match.IsOf(pair.Item1, _existing[pair].At) };
        });
    }
}
