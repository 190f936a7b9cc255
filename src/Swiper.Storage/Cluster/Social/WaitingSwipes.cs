using System.Buffers;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.Cluster.Social;

/// <summary>The operations that wait for what their batch comes to; they are answered once.</summary>
/// <param name="rented">
/// One a swipe of the batch, in its order: in an array of the shared pool, which goes back there when they are answered and may be
/// longer. Of a batch that was not committed it is just dropped.
/// </param>
/// <param name="count">How many they are; none where the batch was found in the journal.</param>
/// <param name="repeats">Those that are answered what one of the others is answered.</param>
internal sealed class WaitingSwipes(SwipeOperation[] rented, int count, SwipeOperation[] repeats)
{
    private int _untold = count + repeats.Length;

    public static WaitingSwipes Nobody => new([], 0, []);

    /// <summary>They have been told an outcome, or that there is none yet.</summary>
    public bool AreAnswered { get; private set; }

    private Span<SwipeOperation> Originals => rented.AsSpan(0, count);

    /// <summary>By the lane, right after the commit: it leaves them to the batch.</summary>
    public void Join(SwipeBatch batch)
    {
        foreach (var operation in Originals)
            operation.Join(batch);
        foreach (var repeat in repeats)
            repeat.Join(batch);
    }

    /// <summary>The lane won't touch one of them again. True for the last one.</summary>
    public bool Told() => --_untold == 0;

    /// <summary>What became of each swipe; who is not settled hears that it is not known yet.</summary>
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

    /// <summary>Nobody is told an outcome.</summary>
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
