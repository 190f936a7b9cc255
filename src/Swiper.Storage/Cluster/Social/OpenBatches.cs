namespace Swiper.Storage.Cluster.Social;

/// <summary>The batches of a shard that this host is settling: recovery from the journal skips them.</summary>
/// <remarks>For some only the id is known: they are being committed, or can't be read.</remarks>
internal sealed class OpenBatches
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, SwipeBatch?> _batches = [];

    /// <summary>False if it is there already.</summary>
    public bool TryAdd(long batch)
    {
        lock (_gate)
            return _batches.TryAdd(batch, null);
    }

    public bool Contains(long batch)
    {
        lock (_gate)
            return _batches.ContainsKey(batch);
    }

    /// <summary>Adds the batch itself, which can say what it waits for.</summary>
    public void Add(SwipeBatch batch)
    {
        lock (_gate)
            _batches[batch.Id] = batch;
    }

    /// <summary>Those open for longer than this.</summary>
    public SwipeBatch[] OlderThan(TimeSpan age)
    {
        lock (_gate)
            return [.. _batches.Values.OfType<SwipeBatch>().Where(batch => batch.Age > age)];
    }

    public void Remove(long batch)
    {
        lock (_gate)
            _batches.Remove(batch);
    }
}
