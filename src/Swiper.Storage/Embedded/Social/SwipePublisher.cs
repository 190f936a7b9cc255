using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Social;

/// <summary>
/// Makes the swipes of a durable batch visible, before any of them is answered:
/// 1. they are added to the swipers' own sets, and are their last ones, all under one lock;
/// 2. each like checks the other side: a match if that likes back, else the liker is added to its likers;
/// 3. repeats take the outcome of the swipe they repeat;
/// 4. the scores change. Of two concurrent likes of each other, each is visible (1) before it checks (2), so at least one finds the other.
/// </summary>
internal sealed class SwipePublisher(EmbeddedShard shard) : LaneHooks<ShardWriter>
{
    private readonly EmbeddedEngine _engine = shard.Engine;
    private ScoreChange[] _scores = new ScoreChange[64];

    public override void BatchStarting(ReadOnlySpan<LaneOperation<ShardWriter>> batch)
    {
        shard.Writer.Staged.Clear();
        shard.Writer.StagedLikes.Clear();
    }

    public override void BatchCommitted(ReadOnlySpan<LaneOperation<ShardWriter>> batch)
    {
        shard.WriteSucceeded();
        try
        {
            if (shard.Writer.Staged.Count > 0)
                Publish(batch);
            else
                AnswerRepeats(batch);
        }
        catch (Exception exception)
        {
            // A half-published batch is worse than none: the rebuild at the next start publishes all of it.
            _engine.PublishFailed(shard, exception);
        }
    }

    public override void BatchFailed(ReadOnlySpan<LaneOperation<ShardWriter>> batch, Exception exception)
    {
        if (shard.Writer.IsStorageFailure(exception))
            shard.WriteFailed(exception);
        foreach (var operation in batch)
            (operation as SwipeOperation)?.Undo(_engine);
    }

    public override void Faulted(Exception exception) => _engine.Faulted(shard, exception);

    private void Publish(ReadOnlySpan<LaneOperation<ShardWriter>> batch)
    {
        // :: Step 1
        lock (shard.Gate)
        {
            foreach (var operation in batch)
            {
                if (operation is not SwipeOperation { IsNew: true } swipe)
                    continue;
                shard.Swiped.TryAdd(swipe.UidSlot, swipe.SidSlot, swipe.Kind);
                shard.Swipers.Swiped(swipe.UidSlot, swipe.SidSlot, swipe.Kind, swipe.At, swipe.AskedAt);
            }
        }

        // :: Step 2
        var count = 0;
        if (_scores.Length < batch.Length)
            _scores = new ScoreChange[batch.Length * 2];
        foreach (var operation in batch)
        {
            if (operation is not SwipeOperation { IsNew: true } swipe)
                continue;
            if (swipe.Kind != SwipeKind.Dislike)
                ShowTo(swipe);
            _scores[count++] = new ScoreChange(
                swipe.SidSlot, Points.For(swipe.Kind), SwipeRules.CountedAt(swipe.At, swipe.AskedAt));
        }

        // :: Step 3
        AnswerRepeats(batch);

        // :: Step 4
        _engine.Boards.Apply(_scores.AsSpan(0, count));
    }

    // The outcome of the first like may not be durable yet.
    private void AnswerRepeats(ReadOnlySpan<LaneOperation<ShardWriter>> batch)
    {
        foreach (var operation in batch)
        {
            if (operation is not SwipeOperation swipe)
                continue;
            swipe.TakeOutcomeOfRepeated();
            if (!swipe.IsRepeatedLike)
                continue;
            swipe.Expect(2);
            _engine.LikesInFlight.Await(swipe.Uid, swipe.Sid, swipe);
            _engine.LikesInFlight.Await(swipe.Sid, swipe.Uid, swipe);
        }
    }

    private void ShowTo(SwipeOperation swipe)
    {
        var other = _engine.ShardOf(swipe.Sid);
        bool mutual;
        lock (other.Gate)
        {
            var theirs = other.Swiped.Of(swipe.SidSlot);
            var known = theirs.TryGet(swipe.UidSlot, out var back);
            mutual = known && back != SwipeKind.Dislike;
            // Someone whom they have already swiped need not be shown as a liker.
            if (!known)
                other.Likers.Add(swipe.SidSlot, new Liker(swipe.UidSlot, swipe.Kind, swipe.At), theirs);
        }

        var hasOwnHalf = swipe.Written.HaveOwnHalf;
        // The first of the two to claim the pair completes the match.
        swipe.Matched = hasOwnHalf || (mutual && !swipe.IsOver && _engine.Claims.TryClaim(swipe.Uid, swipe.Sid));
        var needsOwnHalf = swipe.Matched && !hasOwnHalf;
        var needsOtherHalf = swipe.Matched && !swipe.Written.HaveOtherHalf;
        var needsNotice = swipe.Kind == SwipeKind.Superlike && !swipe.Written.HaveNotice;

        // If there is no match yet, the other side's like in flight may find this one.
        swipe.Expect((needsOwnHalf ? 1 : 0) + (needsOtherHalf ? 1 : 0) + (needsNotice ? 1 : 0) + (swipe.Matched ? 0 : 1));
        if (needsNotice)
            Consequence.Superlike(other, swipe.Sid, swipe.Uid, swipe.At).Enqueue(swipe, swipe.Span);
        if (!swipe.Matched)
        {
            swipe.EndFlight();
            _engine.LikesInFlight.Await(swipe.Sid, swipe.Uid, swipe);
            return;
        }

        if (needsOwnHalf)
            Consequence.Match(shard, swipe.Uid, swipe.Sid, completer: swipe.Uid, swipe.At).Enqueue(swipe, swipe.Span);
        if (needsOtherHalf)
            Consequence.Match(other, swipe.Sid, swipe.Uid, completer: swipe.Uid, swipe.At).Enqueue(swipe, swipe.Span);
    }
}
