namespace Swiper.Storage.Redis;

/// <summary>A committed batch of one lane on its way into the index.</summary>
internal sealed class IndexBatch
{
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="node">The host's number; with <paramref name="shard"/> it names the lane.</param>
    /// <param name="shard">The shard that the swipes were committed to.</param>
    /// <param name="batch">Grows from batch to batch of a lane; never negative.</param>
    /// <param name="swipes">Must not change until <see cref="Applied"/> has completed.</param>
    public IndexBatch(int node, int shard, long batch, ReadOnlyMemory<IndexedSwipe> swipes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        Node = node;
        Shard = shard;
        Batch = batch;
        Swipes = swipes;
        foreach (ref readonly var swipe in swipes.Span)
            Lacking |= UserGroups.BitOf(swipe.Uid) | UserGroups.BitOf(swipe.Sid);
    }

    public int Node { get; }

    public int Shard { get; }

    public long Batch { get; }

    public ReadOnlyMemory<IndexedSwipe> Swipes { get; }

    /// <summary>
    /// Completes when every group has taken the batch: applied it, put it by for its mending, or does without it because it is untrusted
    /// and will be rebuilt; or when it was <see cref="Abandoned"/>. Never faults.
    /// </summary>
    public Task Applied => _applied.Task;

    /// <summary>
    /// Some groups were not told, because too much waited. This host untrusts them before it sends them anything else. Until the batch
    /// has been enqueued again and was applied, its journal row is the only one to know: it must stay.
    /// </summary>
    public bool Abandoned { get; private set; }

    /// <summary>Groups that have still to take it. The queue's, under its lock.</summary>
    internal ulong Lacking { get; private set; }

    /// <summary>True once no group lacks it.</summary>
    internal bool Settle(ulong groups)
    {
        Lacking &= ~groups;
        return Lacking == 0;
    }

    /// <inheritdoc cref="Settle"/>
    internal bool Abandon(ulong groups)
    {
        Abandoned |= (Lacking & groups) != 0;
        return Settle(groups);
    }

    internal void Complete() => _applied.TrySetResult();
}
