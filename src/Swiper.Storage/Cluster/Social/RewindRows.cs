using System.Diagnostics;
using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Records;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;
using Swiper.Storage.Social;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Takes back a user's last swipe, in the lane of the user's shard; or corrects what the index was told of the swipe in return. The
/// outcome is null if it can't be done yet, for a reason that passes.
/// </summary>
internal sealed class RewindOperation : PooledLaneOperation<RewindOperation, ShardWriter, Outcome<TakenBack>?>
{
    private FollowUps _followUps = null!;
    private Outcome<TakenBack>? _outcome;

    public long Uid { get; private set; }

    /// <summary>The swipe in return by whom the user is thought to have swiped last, for the index.</summary>
    public IndexedSwipe Back { get; private set; }

    /// <summary>When the user rewinds; of a correction, when the swipe was made.</summary>
    public long At { get; private set; }

    public bool IsCorrection { get; private set; }

    /// <param name="path">Its way.</param>
    /// <param name="followUps">Begins what follows from it.</param>
    /// <param name="uid">Who rewinds.</param>
    /// <param name="back">The swipe in return.</param>
    /// <param name="at">When.</param>
    public static ValueTask<Outcome<TakenBack>?> SendAsync(SwipePath path, FollowUps followUps, long uid, in IndexedSwipe back, long at) =>
        SendAsync(path, followUps, uid, back, at, isCorrection: false);

    /// <summary>Tells the index of a swipe in return that was made, or taken back, since the user's swipe was.</summary>
    public static async ValueTask CorrectAsync(SwipePath path, FollowUps followUps, TakenBackSwipe swipe, IndexedSwipe back) =>
        await SendAsync(path, followUps, swipe.Uid, back, swipe.At, isCorrection: true).ConfigureAwait(false);

    public void Defer() => _outcome = null;

    public void Refuse(Failure failure) => _outcome = failure;

    public void Succeed(in TakenBack taken) => _outcome = taken;

    protected internal override void Execute(ShardWriter writer) => writer.Swipes.Add(this);

    protected override bool TryPublish(out Outcome<TakenBack>? result)
    {
        result = _outcome;
        if (_outcome is { IsOk: true, Value.FollowUp: var followUp })
            _followUps.Begin(followUp);
        return true;
    }

    private static ValueTask<Outcome<TakenBack>?> SendAsync(
        SwipePath path, FollowUps followUps, long uid, in IndexedSwipe back, long at, bool isCorrection)
    {
        var operation = RentInstance();
        (operation._followUps, operation.Uid, operation.Back, operation.At) = (followUps, uid, back, at);
        (operation.IsCorrection, operation._outcome) = (isCorrection, null);
        var outcome = operation.AsValueTask();
        path.Shards.Of(uid).Lane.Enqueue(operation, Spans.Current);
        return outcome;
    }
}

/// <summary>
/// The rewinds of a lane's batch. Each is a batch of its own in the journal, for the index alone: what else follows is the follow-up's.
/// </summary>
internal sealed class RewindRows(SwipePath path, ClusterShard shard)
{
    private static readonly bool[] BothSettled = [true, true];

    private readonly List<RewindOperation> _rewinds = [];

    // The batches of the transaction, from its flush on.
    private readonly List<SwipeBatch> _batches = [];

    public int Count => _rewinds.Count;

    public void Add(RewindOperation rewind) => _rewinds.Add(rewind);

    public void Flush(ShardConnection connection, LaneClaim lane, NodeClaim claim)
    {
        foreach (var rewind in _rewinds)
        {
            if (rewind.IsCorrection)
                Correct(connection, lane, claim, rewind);
            else
                TakeBack(connection, lane, claim, rewind);
        }
    }

    /// <inheritdoc cref="SwipeRows.Committed"/>
    public void Committed()
    {
        foreach (var batch in _batches)
            batch.Committed();
    }

    /// <inheritdoc cref="SwipeRows.Released"/>
    public void Released()
    {
        foreach (var batch in _batches)
            _ = batch.SettleAsync();
        _batches.Clear();
    }

    /// <inheritdoc cref="SwipeRows.RolledBack"/>
    public void RolledBack()
    {
        foreach (var batch in _batches)
            shard.OpenBatches.Remove(batch.Id);
        _batches.Clear();
    }

    public void Clear() => _rewinds.Clear();

    private void TakeBack(ShardConnection connection, LaneClaim lane, NodeClaim claim, RewindOperation rewind)
    {
        var today = WireTime.DayNumber(rewind.At);
        var (sid, day, likes, rewinds, lastMadeAt) = (0L, 0, 0, 0, 0L);
        connection.Query(
            "SELECT last_sid, day, likes, rewinds, made_at FROM swipers WHERE uid = @p0 FOR UPDATE", [rewind.Uid], row =>
            (sid, day, likes, rewinds, lastMadeAt) =
                (row.GetInt64(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4)));
        if (!SwipeRules.CountsOn(day, rewind.At))
            (day, likes, rewinds) = (today, 0, 0);
        var (kind, at, madeIn) = (default(SwipeKind), 0L, 0L);
        connection.Query("SELECT kind, at, batch FROM swiped WHERE uid = @p0 AND sid = @p1 AND kind <= 3", [rewind.Uid, sid], row =>
            (kind, at, madeIn) = ((SwipeKind)row.GetInt32(0), row.GetInt64(1), row.GetInt64(2)));

        // Those that are ahead of the clock are as old as the last one.
        var madeAt = SwipeRules.IsAhead(at, rewind.At) ? lastMadeAt : at;

        if (kind == default)
            rewind.Refuse(SwipeRules.NothingToRewind);
        else if (SwipeRules.CheckRewind(madeAt, rewinds, rewind.At) is { Code: not StatusCode.Ok } refused)
            rewind.Refuse(refused);
        // Somebody else was swiped meanwhile, or the index may apply the batch of the other lane after this one.
        else if (sid != rewind.Back.Uid || BatchIds.NodeOf(madeIn) != claim.Node && IsOpen(connection, madeIn))
            rewind.Defer();
        else
        {
            var swipe = new TakenBackSwipe(rewind.Uid, sid, kind, at, rewind.At, madeIn, rewind.Back.Kind, rewind.Back.At);
            var batch = Begin(
                connection, lane, claim, [new IndexedSwipe(rewind.Uid, sid, kind, at, SwipeChange.TakenBack), rewind.Back]);
            connection.Execute(
                "UPDATE swiped SET kind = @p0, batch = @p1 WHERE uid = @p2 AND sid = @p3", swipe.RowKind, batch, swipe.Uid, swipe.Sid);
            if (kind == SwipeKind.Like && likes > 0 && WireTime.DayNumber(SwipeRules.CountedAt(at, rewind.At)) == day)
                likes--;
            PutLast(connection, swipe.Uid, day, likes, rewinds + 1);
            rewind.Succeed(new TakenBack(
                new RewindReply(sid, kind, SwipeRules.RewindsADay - rewinds - 1), WriteFollowUp(connection, swipe, rewind.Span)));
        }
    }

    private void Correct(ShardConnection connection, LaneClaim lane, NodeClaim claim, RewindOperation rewind)
    {
        // Another call of the follow-up may have done it all meanwhile. Then the two may be swiped anew, and the index must not be told of
        // this one any more: it takes the batches of different lanes in any order.
        if (connection.ScalarInt64(
            "SELECT batch FROM swiped WHERE uid = @p0 AND sid = @p1 AND kind > 3 AND at = @p2 FOR UPDATE",
            rewind.Uid, rewind.Back.Uid, rewind.At) is null)
            return;
        var batch = Begin(connection, lane, claim, [rewind.Back]);
        connection.Execute(
            "UPDATE swiped SET batch = @p0 WHERE uid = @p1 AND sid = @p2 AND kind > 3", batch, rewind.Uid, rewind.Back.Uid);
    }

    private long Begin(ShardConnection connection, LaneClaim lane, NodeClaim claim, ReadOnlySpan<IndexedSwipe> swipes)
    {
        var id = lane.NextBatch();
        shard.OpenBatches.TryAdd(id);
        var settled = BothSettled.AsSpan(0, swipes.Length);
        _batches.Add(new SwipeBatch(path, shard, id, BatchedSwipes.Found(swipes, settled)));
        lane.Advance(connection, id);
        connection.Execute(
            "INSERT INTO journal (batch, node, owner, answered, swipes) VALUES (@p0, @p1, @p2, 0, @p3)",
            id, claim.Node, path.Node.Owner, JournalRow.Pack(swipes, settled));
        return id;
    }

    private static bool IsOpen(ShardConnection connection, long batch) =>
        connection.ScalarInt64("SELECT 1 FROM journal WHERE batch = @p0", batch) is not null;

    private static void PutLast(ShardConnection connection, long uid, int day, int likes, int rewinds)
    {
        var sid = connection.ScalarInt64("SELECT sid FROM swiped WHERE uid = @p0 AND kind <= 3 ORDER BY at DESC LIMIT 1", uid) ?? 0;
        connection.Execute(
            "UPDATE swipers SET last_sid = @p0, day = @p1, likes = @p2, rewinds = @p3 WHERE uid = @p4", sid, day, likes, rewinds, uid);
    }

    private FollowUp WriteFollowUp(ShardConnection connection, in TakenBackSwipe swipe, Activity? cause)
    {
        var followUp = new FollowUp
        {
            Kind = FollowUpKind.Rewound,
            Uid = swipe.Uid,
            Payload = FollowUpCause.Append(PayloadBytes.Of(swipe), cause),
            Due = path.Clock.NowMs() + (long)FollowUps.Patience.TotalMilliseconds,
            ShardKey = swipe.Uid,
        };
        connection.Execute(
            "INSERT INTO follow_ups (kind, uid, payload, due, attempts) VALUES (@p0, @p1, @p2, @p3, 0)",
            (int)followUp.Kind, followUp.Uid, followUp.Payload, followUp.Due);
        return followUp with { Id = connection.ScalarInt64("SELECT LAST_INSERT_ID()")!.Value };
    }
}
