using System.Buffers;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.Cluster.Social;

/// <summary>The operations that wait for the outcome of their batch; each is answered once.</summary>
/// <param name="rented">
/// One per swipe of the batch, in its order, in an array from the shared pool, which may be longer and is returned once they are answered.
/// If the batch was not committed it is simply dropped.
/// </param>
/// <param name="count">How many there are; 0 if the batch was found in the journal.</param>
/// <param name="repeats">Operations that get the same answer as one of the others.</param>
internal sealed class WaitingSwipes(SwipeOperation[] rented, int count, SwipeOperation[] repeats)
{
    private int _untold = count + repeats.Length;

    public static WaitingSwipes Nobody => new([], 0, []);

    /// <summary>They have been answered, if only that the outcome is not known yet.</summary>
    public bool AreAnswered { get; private set; }

    private Span<SwipeOperation> Originals => rented.AsSpan(0, count);

    /// <summary>Called by the lane right after the commit: hands them over to the batch.</summary>
    public void Join(SwipeBatch batch)
    {
        foreach (var operation in Originals)
            operation.Join(batch);
        foreach (var repeat in repeats)
            repeat.Join(batch);
    }

    /// <summary>The lane has let go of one of them. True for the last one.</summary>
    public bool Told() => --_untold == 0;

    /// <summary>Answers every swipe; those that are not settled are told that the outcome is not known yet.</summary>
    public void Answer(bool[] settled, bool[] matched)
    {
        if (AreAnswered)
            return;
        AreAnswered = true;
        // Repeats first: an original may be in use again as soon as it is answered.
        foreach (var repeat in repeats)
            Answer(repeat, Originals.IndexOf(repeat.Repeats!), settled, matched);
        for (var i = 0; i < count; i++)
            Answer(rented[i], i, settled, matched);
        GiveBack();
    }

    /// <summary>Fails all of them: no outcome is reported.</summary>
    public void AnswerUnavailable()
    {
        if (AreAnswered)
            return;
        AreAnswered = true;
        FlushScope.Enter();
        foreach (var repeat in repeats)
            repeat.AnswerUnavailable();
        foreach (var operation in Originals)
            operation.AnswerUnavailable();
        FlushScope.Exit();
        GiveBack();
    }

    private static void Answer(SwipeOperation operation, int index, bool[] settled, bool[] matched)
    {
        if (!Volatile.Read(ref settled[index]))
        {
            operation.AnswerUnavailable();
            return;
        }
        operation.Matched = matched[index];
        operation.Answer();
    }

    private void GiveBack()
    {
        if (count > 0)
            ArrayPool<SwipeOperation>.Shared.Return(rented, clearArray: true);
    }
}
