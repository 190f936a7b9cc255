using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Records;

namespace Swiper.Storage.Embedded.Social;

/// <summary>
/// What is written in a like's own transaction of all that follows from it: its consequences in the swiper's shard, and a follow-up if
/// something may have to be written in another one.
/// </summary>
/// <param name="swipe">The like; one after the other, as its operation is used again.</param>
internal sealed class OwnConsequences(SwipeOperation swipe)
{
    private EmbeddedShard? _shard;
    private Consequence? _ownHalf;
    private Consequence? _otherHalf;
    private Consequence? _notice;
    private long _followUp;

    /// <summary>The swiper's half of a match.</summary>
    public bool HaveOwnHalf => _ownHalf is not null;

    /// <summary>The other half, too.</summary>
    public bool HaveOtherHalf => _otherHalf is not null;

    /// <summary>The notice of a superlike.</summary>
    public bool HaveNotice => _notice is not null;

    /// <summary>Writes them.</summary>
    /// <param name="writer">Of the swiper's shard.</param>
    /// <param name="isMatch">The like claims a match.</param>
    /// <param name="isOtherInFlight">The other side's like is in flight: only the publisher can tell whether the two are a match.</param>
    /// <returns>False if the match turned out to be an earlier one that is over.</returns>
    public bool Write(ShardWriter writer, bool isMatch, bool isOtherInFlight)
    {
        _shard = writer.Shard;
        var other = _shard.Engine.ShardOf(swipe.Sid);
        // Each is noted before it is executed: if that throws, Undo must know of it.
        var isOver = false;
        if (isMatch)
        {
            _ownHalf = Consequence.Match(_shard, swipe.Uid, swipe.Sid, completer: swipe.Uid, swipe.At);
            _ownHalf.Execute(writer);
            if (_ownHalf.IsOver)
            {
                _ownHalf.Discard();
                _ownHalf = null;
                (isOver, isMatch) = (true, false);
            }
        }

        var isSuperlike = swipe.Kind == SwipeKind.Superlike;
        if (other != _shard)
        {
            if (isMatch || isSuperlike || isOtherInFlight)
                _followUp = WriteFollowUp(writer);
            return !isOver;
        }
        // The notice first, as where the other lives in another shard.
        if (isSuperlike)
        {
            _notice = Consequence.Superlike(_shard, swipe.Sid, swipe.Uid, swipe.At);
            _notice.Execute(writer);
        }

        if (isMatch)
        {
            _otherHalf = Consequence.Match(_shard, swipe.Sid, swipe.Uid, completer: swipe.Uid, swipe.At);
            _otherHalf.Execute(writer);
        }
        else if (isOtherInFlight)
        {
            _followUp = WriteFollowUp(writer);
        }
        return !isOver;
    }

    /// <summary>The transaction was rolled back.</summary>
    public void Undo()
    {
        _ownHalf?.Discard();
        _otherHalf?.Discard();
        _notice?.Discard();
        _ownHalf = _otherHalf = _notice = null;
        _followUp = 0;
    }

    /// <summary>The transaction is durable: tells of them in the order in which a user's pushes have their numbers.</summary>
    public void Committed()
    {
        Committed(ref _ownHalf);
        Committed(ref _notice);
        Committed(ref _otherHalf);
    }

    /// <summary>
    /// All that follows from the like has ended. If something failed, the follow-up is left for <see cref="FollowUps"/> to find.
    /// </summary>
    public void End(bool failed)
    {
        if (_followUp != 0 && !failed)
            FollowUpDone.Enqueue(_shard!, _followUp);
        _followUp = 0;
    }

    // One that could not be pushed must not keep the swipe from its reply, nor the others from theirs.
    private void Committed(ref Consequence? consequence)
    {
        try
        {
            consequence?.Committed();
        }
        catch (Exception exception)
        {
            _shard!.Engine.Faulted(_shard, exception);
        }

        consequence = null;
    }

    private long WriteFollowUp(ShardWriter writer)
    {
        var payload = new MessagePackWriter(stackalloc byte[SwipeFollowUp.MaxBytes]);
        new SwipeFollowUp(swipe.Uid, swipe.Sid, swipe.Kind, swipe.At).Write(ref payload);
        FollowUpCause.Write(ref payload, swipe.Span);
        writer.InsertFollowUp.Bind(1, (long)FollowUpKind.Swiped);
        writer.InsertFollowUp.Bind(2, swipe.Sid);
        writer.InsertFollowUp.BindBlob(3, payload.Written);
        writer.InsertFollowUp.Bind(4, writer.Shard.Engine.Clock.NowMs() + (long)FollowUps.Patience.TotalMilliseconds);
        writer.InsertFollowUp.Run();
        payload.Dispose();
        return writer.Connection.LastInsertedId;
    }
}
