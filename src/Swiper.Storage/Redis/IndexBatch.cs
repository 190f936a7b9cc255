using System.Diagnostics;

namespace Swiper.Storage.Redis;

/// <summary>A committed batch of one lane on its way into the index.</summary>
internal sealed class IndexBatch
{
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="node">The node number; with <paramref name="shard"/> it identifies the lane.</param>
    /// <param name="shard">The shard that the swipes were committed to.</param>
    /// <param name="batch">The batch id, which increases within a lane; never negative.</param>
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
    /// Completes when every group has applied the batch, deferred it during its rebuild, or skipped it because it is untrusted and will be
    /// rebuilt; or when the batch was <see cref="Abandoned"/>. Never faults.
    /// </summary>
    public Task Applied => _applied.Task;

    /// <summary>
    /// Some groups did not get the batch, because the queue was full. This host marks them as untrusted before it sends them anything
    /// else. Until the batch was enqueued again and applied, its journal row is the only record of that and must be kept.
    /// </summary>
    public bool Abandoned { get; private set; }

    /// <summary>A timestamp of the queue's clock. Guarded by the lock of the queue.</summary>
    internal long QueuedAt { get; set; }

    /// <summary>Groups that still lack it. Guarded by the lock of the queue.</summary>
    internal ulong Lacking { get; private set; }

    /// <summary>Removes groups; true once no group lacks it.</summary>
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

    /// <summary>When <see cref="Applied"/> completed, from <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long AppliedAt { get; private set; }

    internal void Complete()
    {
        AppliedAt = Stopwatch.GetTimestamp();
        _applied.TrySetResult();
    }
}
