using System.Diagnostics;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Records;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Social;

/// <summary>
/// What a swipe does to one user beyond its own row: a friendship or the notice of a superlike, and the push that announces it. Both are
/// written in that user's shard, in one transaction, idempotently: in the swipe's own transaction if the user is of the swiper's shard,
/// else after it, and then the swipe's follow-up says that it is to be done.
/// </summary>
internal sealed class Consequence : LaneOperation<ShardWriter>
{
    private static readonly OperationPool<Consequence> Pool = new();

    private EmbeddedShard _shard = null!;
    private IConsequenceOwner? _owner;
    private Opcode _opcode;
    private long _uid;
    private long _other;
    private long _completer;
    private long _at;
    private long _seq;
    private bool _isNew;

    /// <summary>A match takes two, one per user, each with its row and push.</summary>
    /// <param name="shard">The user's shard.</param>
    /// <param name="uid">The user who gets a friend.</param>
    /// <param name="other">The friend.</param>
    /// <param name="completer">The user whose swipe completed the match.</param>
    /// <param name="at">When.</param>
    public static Consequence Match(EmbeddedShard shard, long uid, long other, long completer, long at) =>
        Rent(shard, Opcode.Matched, uid, other, completer, at);

    /// <param name="shard">The user's.</param>
    /// <param name="uid">The superliked user.</param>
    /// <param name="superliker">The superliking user.</param>
    /// <param name="at">When.</param>
    public static Consequence Superlike(EmbeddedShard shard, long uid, long superliker, long at) =>
        Rent(shard, Opcode.Superliked, uid, superliker, superliker, at);

    /// <summary>Executed, it turned out to be a match of two whose friendship has ended before: that stays so.</summary>
    public bool IsOver => _opcode == Opcode.Matched && !_isNew;

    /// <summary>Drops one that was executed in a rolled-back transaction and never queued.</summary>
    public void Discard()
    {
        _owner = null;
        Pool.Return(this);
    }

    /// <summary>Queues it; the owner is told of its end.</summary>
    /// <param name="owner">Waits for it.</param>
    /// <param name="cause">The span of what it follows from, where that is sampled.</param>
    public void Enqueue(IConsequenceOwner owner, Activity? cause)
    {
        _owner = owner;
        _shard.Lane.Enqueue(this, FollowUpCause.BeginApart(FollowUpKind.Swiped, cause));
    }

    protected internal override void Execute(ShardWriter writer)
    {
        _isNew = _opcode == Opcode.Matched ? TryBefriend(writer) : !IsNotified(writer);
        if (_isNew)
            _seq = StorePush(writer);
    }

    protected internal override void Committed()
    {
        var owner = _owner;
        _owner = null;
        Spans.End(Span);
        try
        {
            if (_opcode == Opcode.Matched)
                _shard.Engine.Claims.RowWritten(_uid, _other);
            // Not of a swipe that was being recorded while one of the two blocked the other.
            if (_isNew && !_shard.Engine.Directory.Blocks.AreBlocked(_uid, _other))
                _shard.Engine.Sessions.Push(_uid, new StoredPush(_seq, _opcode, _other, _at));
        }
        finally
        {
            // It is durable, so the swipe is answered even if sending the push failed.
            Pool.Return(this);
            // What the swiper's own half says is the outcome, also when the swipe is repeated.
            owner?.ConsequenceEnded(failed: false, IsOver && _uid == _completer ? _completer : 0);
        }
    }

    protected internal override void Failed(Exception exception)
    {
        var owner = _owner;
        Spans.End(Span, failed: true);
        Discard();
        owner?.ConsequenceEnded(failed: true);
    }

    private static Consequence Rent(EmbeddedShard shard, Opcode opcode, long uid, long other, long completer, long at)
    {
        if (!Pool.TryRent(out var consequence))
            consequence = new Consequence();
        consequence.BePartOf(null);
        consequence._shard = shard;
        consequence._opcode = opcode;
        consequence._uid = uid;
        consequence._other = other;
        consequence._completer = completer;
        consequence._at = at;
        return consequence;
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
        writer.NextPushSeq.Bind(1, _uid);
        writer.NextPushSeq.Step();
        var seq = writer.NextPushSeq.Int64(0);
        writer.NextPushSeq.Reset();

        writer.InsertPush.Bind(1, _uid);
        writer.InsertPush.Bind(2, seq);
        writer.InsertPush.Bind(3, (long)_opcode);
        writer.InsertPush.Bind(4, _other);
        writer.InsertPush.Bind(5, _at);
        writer.InsertPush.Run();
        return seq;
    }
}

/// <summary>Waits for consequences.</summary>
internal interface IConsequenceOwner
{
    /// <summary>One of them is durable, or could not be written; called on a lane's thread.</summary>
    /// <param name="failed">It could not be written.</param>
    /// <param name="notCompletedBy">
    /// The user whose swipe seemed to complete a match, as that user's half says that it is <see cref="Consequence.IsOver"/>; 0 if none.
    /// </param>
    void ConsequenceEnded(bool failed, long notCompletedBy = 0);
}
