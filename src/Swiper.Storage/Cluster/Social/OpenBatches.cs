namespace Swiper.Storage.Cluster.Social;

/// <summary>The batches of a shard that this host is settling: whoever reads the journal leaves them alone.</summary>
internal sealed class OpenBatches
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _batches = [];

    /// <summary>False where it is there already.</summary>
    public bool TryAdd(long batch)
    {
        lock (_gate)
            return _batches.Add(batch);
    }

    public bool Contains(long batch)
    {
        lock (_gate)
            return _batches.Contains(batch);
    }

    public void Remove(long batch)
    {
        lock (_gate)
            _batches.Remove(batch);
    }
}
