using Dapper;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Records;

namespace Swiper.Storage.Embedded.Social;

/// <summary>The payload of the follow-up of a swipe.</summary>
internal readonly record struct SwipeFollowUp(long Uid, long Sid, SwipeKind Kind, long At) : IPayload<SwipeFollowUp>
{
    /// <summary>Its size at most.</summary>
    public const int MaxBytes = 32;

    public static SwipeFollowUp Read(scoped ref FieldReader fields) => new(
        fields.Int64("uid"), fields.Int64("sid"), (SwipeKind)fields.Int32("kind", (int)SwipeKind.Like, (int)SwipeKind.Superlike),
        fields.Int64("at"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.WriteInt64(Uid);
        writer.WriteInt64(Sid);
        writer.WriteInt64((byte)Kind);
        writer.WriteInt64(At);
    }
}

/// <summary>
/// Does what a swipe that was recorded has not got to, because the process was killed or a shard could not be written: the notice of a
/// superlike, and the friendship if the two like each other.
/// </summary>
internal sealed class SwipeFollowUps(EmbeddedEngine engine)
{
    public async Task DoAsync(FollowUp followUp)
    {
        var swipe = PayloadBytes.Read<SwipeFollowUp>(followUp.Payload);
        var (mine, others) = (engine.ShardOf(swipe.Uid), engine.ShardOf(swipe.Sid));
        // Whether somebody was told of what is older than the pushes that are kept can't be known any more, and nobody has to be.
        if (swipe.Kind == SwipeKind.Superlike && engine.Clock.NowMs() - swipe.At <= (long)IPushRepository.KeptFor.TotalMilliseconds)
            await WriteAsync(Consequence.Superlike(others, swipe.Sid, swipe.Uid, swipe.At)).ConfigureAwait(false);
        if (await FindMatchAsync(swipe).ConfigureAwait(false) is not { } match)
            return;
        await WriteAsync(Consequence.Match(mine, swipe.Uid, swipe.Sid, match.Completer, match.At)).ConfigureAwait(false);
        await WriteAsync(Consequence.Match(others, swipe.Sid, swipe.Uid, match.Completer, match.At)).ConfigureAwait(false);
    }

    /// <summary>Who completed the match, and when; null if there is none, or if it has ended before it was written.</summary>
    private async ValueTask<(long Completer, long At)?> FindMatchAsync(SwipeFollowUp swipe)
    {
        // If one half was written, the other must agree.
        var half = await FindHalfAsync(swipe.Uid, swipe.Sid).ConfigureAwait(false)
            ?? await FindHalfAsync(swipe.Sid, swipe.Uid).ConfigureAwait(false);
        if (half is { } written)
            return written.HasEnded ? null : (written.Completer, written.At);
        var back = await engine.Records.ReadAsync(swipe.Sid, connection => connection.QueryFirstOrDefaultAsync<long?>(
            $"SELECT at FROM swiped WHERE uid = @Sid AND sid = @Uid AND kind < {(int)SwipeKind.Dislike}",
            new { swipe.Sid, swipe.Uid })).ConfigureAwait(false);
        if (back is not { } backAt)
            return null;
        // The later swipe completed the match; on a tie that of the greater uid, so that both sides decide alike.
        return backAt > swipe.At || (backAt == swipe.At && swipe.Sid > swipe.Uid) ? (swipe.Sid, backAt) : (swipe.Uid, swipe.At);
    }

    private ValueTask<(long Completer, long At, bool HasEnded)?> FindHalfAsync(long uid, long fid) =>
        engine.Records.ReadAsync(uid, connection => connection.QueryFirstOrDefaultAsync<(long Completer, long At, bool HasEnded)?>(
            "SELECT completer, since, ended > 0 FROM friends WHERE uid = @uid AND fid = @fid", new { uid, fid }));

    private static Task WriteAsync(Consequence consequence)
    {
        var owner = new Awaiting();
        consequence.Enqueue(owner, Spans.Current);
        return owner.Ended;
    }

    private sealed class Awaiting : IConsequenceOwner
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public void ConsequenceEnded(bool failed, long notCompletedBy = 0)
        {
            if (failed)
                _ended.SetException(new StoreUnavailableException("The store is unavailable."));
            else
                _ended.SetResult();
        }
    }
}

/// <summary>Deletes the follow-up of a swipe after the reply.</summary>
internal sealed class FollowUpDone : Sharding.LaneOperation<ShardWriter>
{
    private static readonly OperationPool<FollowUpDone> Pool = new();

    private long _id;

    public static void Enqueue(EmbeddedShard shard, long id)
    {
        if (!Pool.TryRent(out var operation))
            operation = new FollowUpDone();
        operation._id = id;
        shard.Lane.Enqueue(operation);
    }

    protected internal override void Execute(ShardWriter writer)
    {
        writer.DeleteFollowUp.Bind(1, _id);
        writer.DeleteFollowUp.Run();
    }

    protected internal override void Committed() => Pool.Return(this);

    // It is found when it is due, and done once more.
    protected internal override void Failed(Exception exception) => Pool.Return(this);
}
