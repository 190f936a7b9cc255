using System.Diagnostics;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Records;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// What the swipes of a batch lead to in both users' shards: friendships of those who like each other, and notices of superlikes.
/// </summary>
internal sealed class SwipeConsequences(SwipePath path, BatchedSwipes swipes, Action<Exception> failed)
{
    private static readonly List<Task> None = [];

    // Writes in progress by swipe, for the few that have any: they may outlast the round that began them.
    private Dictionary<int, Task>? _writing;

    /// <summary>Begins to write what is due and not yet being written; returns the writes in progress, which never fail.</summary>
    public List<Task> Write()
    {
        var begun = None;
        for (var i = 0; i < swipes.Count; i++)
        {
            if (swipes.StateOf(i) is not (SwipeState.NoticeDue or SwipeState.MatchDue))
                continue;
            _writing ??= [];
            if (!_writing.TryGetValue(i, out var write) || write.IsCompleted)
                write = _writing[i] = WriteAsync(i);
            if (begun == None)
                begun = [];
            begun.Add(write);
        }
        return begun;
    }

    private async Task WriteAsync(int index)
    {
        using var span = FollowUpCause.Begin(FollowUpKind.Swiped, swipes.SpanOf(index));
        try
        {
            swipes.MoveTo(index, await WriteAsync(swipes[index], swipes.StateOf(index)).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            failed(exception);
        }
    }

    private async ValueTask<SwipeState> WriteAsync(IndexedSwipe swipe, SwipeState due)
    {
        if (swipe.Kind == SwipeKind.Superlike)
            await Consequence.NotifyAsync(path, swipe.Sid, Opcode.Superliked, swipe.Uid, swipe.At).ConfigureAwait(false);
        if (due != SwipeState.MatchDue || !(await BefriendAsync(swipe).ConfigureAwait(false)).IsOf(swipe.Uid, swipe.At))
            return SwipeState.Settled;
        await path.Pushes.WhenSentAsync(swipe.Uid).ConfigureAwait(false);
        return SwipeState.Matched;
    }

    // The row of the smaller uid is written first, or with the other one in one transaction. It decides between concurrent writers who
    // completed the match, and when. What is answered is what the swiper's own row says: the other may have ended the match before that
    // was written, and then the swiper never hears of it.
    private async ValueTask<Match> BefriendAsync(IndexedSwipe swipe)
    {
        var (low, high) = swipe.Uid < swipe.Sid ? (swipe.Uid, swipe.Sid) : (swipe.Sid, swipe.Uid);
        var match = new Match(swipe.Uid, swipe.At);
        if (path.Shards.Of(low) == path.Shards.Of(high))
            return await Consequence.BefriendBothAsync(path, low, high, match).ConfigureAwait(false);
        var first = await Consequence.BefriendAsync(path, low, high, match).ConfigureAwait(false);
        var second = await Consequence.BefriendAsync(path, high, low, first.ForOther).ConfigureAwait(false);
        return swipe.Uid == low ? first : second;
    }
}
