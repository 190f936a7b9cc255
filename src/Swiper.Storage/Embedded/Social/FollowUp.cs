using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Social;

/// <summary>
/// What a swipe does to one user beyond its own row: a friendship or the notice of a superlike, and the push that announces it. Both are
/// written in that user's shard, in one transaction, idempotently. It is retried until the store takes it; if the process ends before
/// that, <see cref="IndexRebuild"/> finds it missing.
/// </summary>
internal sealed class FollowUp : LaneOperation<ShardWriter>
{
    private static readonly OperationPool<FollowUp> Pool = new();

    private EmbeddedShard _shard = null!;
    private SwipeOperation? _origin;
    private Opcode _opcode;
    private long _uid;
    private long _other;
    private long _completer;
    private long _at;
    private long _seq;
    private bool _isNew;

    /// <summary>A match takes two follow-ups, one per user, each with its row and push.</summary>
    /// <param name="shard">The user's shard.</param>
    /// <param name="uid">The user who gets a friend.</param>
    /// <param name="other">The friend.</param>
    /// <param name="completer">The user whose swipe completed the match.</param>
    /// <param name="at">When.</param>
    /// <param name="origin">The swipe whose reply waits for it, if any.</param>
    public static FollowUp Match(EmbeddedShard shard, long uid, long other, long completer, long at, SwipeOperation? origin) =>
        Rent(shard, Opcode.Matched, uid, other, completer, at, origin);

    /// <param name="shard">The user's.</param>
    /// <param name="uid">The superliked user.</param>
    /// <param name="superliker">The superliking user.</param>
    /// <param name="at">When.</param>
    /// <param name="origin">The swipe whose reply waits for it; null for a follow-up recovered at start.</param>
    public static FollowUp Superlike(EmbeddedShard shard, long uid, long superliker, long at, SwipeOperation? origin) =>
        Rent(shard, Opcode.Superliked, uid, superliker, superliker, at, origin);

    /// <summary>Drops one that was executed in a rolled-back transaction and never queued.</summary>
    public void Discard()
    {
        _origin = null;
        Pool.Return(this);
    }

    public void Enqueue() => _shard.Lane.Enqueue(this);

    protected internal override void Execute(ShardWriter writer)
    {
        _isNew = _opcode == Opcode.Matched ? TryBefriend(writer) : !IsNotified(writer);
        if (_isNew)
            _seq = StorePush(writer);
    }

    protected internal override void Committed()
    {
        var origin = _origin;
        _origin = null;
        try
        {
            if (_opcode == Opcode.Matched)
                _shard.Engine.Claims.RowWritten(_uid, _other);
            if (_isNew)
                _shard.Engine.Sessions.Push(_uid, _opcode, _seq, new PersonPush(_other, _at));
        }
        finally
        {
            // It is durable, so the swipe is answered even if sending the push failed.
            Pool.Return(this);
            origin?.FollowUpEnded(failed: false);
        }
    }

    protected internal override void Failed(Exception exception)
    {
        var origin = _origin;
        _origin = null;
        _shard.Engine.Retries.Add(this);
        origin?.FollowUpEnded(failed: true);
    }

    private static FollowUp Rent(
        EmbeddedShard shard, Opcode opcode, long uid, long other, long completer, long at, SwipeOperation? origin)
    {
        if (!Pool.TryRent(out var followUp))
            followUp = new FollowUp();
        followUp._shard = shard;
        followUp._opcode = opcode;
        followUp._uid = uid;
        followUp._other = other;
        followUp._completer = completer;
        followUp._at = at;
        followUp._origin = origin;
        return followUp;
    }

    private bool TryBefriend(ShardWriter writer)
    {
        writer.InsertFriend.Bind(1, _uid);
        writer.InsertFriend.Bind(2, _other);
        writer.InsertFriend.Bind(3, _at);
        writer.InsertFriend.Bind(4, _completer);
        writer.InsertFriend.Run();
        return writer.Connection.Changes > 0;
    }

    private bool IsNotified(ShardWriter writer)
    {
        writer.FindPush.Bind(1, _uid);
        writer.FindPush.Bind(2, (long)_opcode);
        writer.FindPush.Bind(3, _other);
        writer.FindPush.Bind(4, _at);
        var found = writer.FindPush.Step();
        writer.FindPush.Reset();
        return found;
    }

    private long StorePush(ShardWriter writer)
    {
        writer.LastPushSeq.Bind(1, _uid);
        writer.LastPushSeq.Step();
        var seq = writer.LastPushSeq.Int64(0) + 1; // the maximum of nothing is null, which reads as 0
        writer.LastPushSeq.Reset();

        writer.InsertPush.Bind(1, _uid);
        writer.InsertPush.Bind(2, seq);
        writer.InsertPush.Bind(3, (long)_opcode);
        writer.InsertPush.Bind(4, _other);
        writer.InsertPush.Bind(5, _at);
        writer.InsertPush.Run();
        if (seq > IPushRepository.Kept)
        {
            writer.PrunePushes.Bind(1, _uid);
            writer.PrunePushes.Bind(2, seq - IPushRepository.Kept);
            writer.PrunePushes.Run();
        }
        return seq;
    }
}
