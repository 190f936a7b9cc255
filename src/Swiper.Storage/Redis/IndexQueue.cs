namespace Swiper.Storage.Redis;

/// <summary>
/// The batches that some group still lacks, in arrival order. Each server's worker reads at its own position. A batch tracks which groups
/// lack it, so a worker that restarts from the front, or takes over groups of another, sends nothing twice or out of order.
/// </summary>
internal sealed class IndexQueue(long maxWaiting, TimeProvider time)
{
    private readonly Lock _lock = new();
    private IndexBatch?[] _ring = new IndexBatch?[64];
    private long _first;
    private long _end;
    private long _waiting;
    private ulong _doubtful;

    /// <summary>The number of queued swipes.</summary>
    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>How long the oldest of them has been queued.</summary>
    public TimeSpan Oldest
    {
        get
        {
            lock (_lock)
                return _first < _end ? time.GetElapsedTime(At(_first)!.QueuedAt) : TimeSpan.Zero;
        }
    }

    /// <summary>Appends a batch; returns the groups that lack it.</summary>
    public ulong Add(IndexBatch batch)
    {
        lock (_lock)
        {
            // Groups about to be marked as untrusted don't need this batch.
            batch.Abandon(_doubtful);
            if (batch.Lacking == 0)
            {
                batch.Complete();
                return 0;
            }

            if (_end - _first == _ring.Length)
                Grow();
            batch.QueuedAt = time.GetTimestamp();
            _ring[_end++ & (_ring.Length - 1)] = batch;
            _waiting += batch.Swipes.Length;
            if (_waiting > maxWaiting)
                AbandonSlowest();
            return batch.Lacking;
        }
    }

    /// <summary>
    /// The next batches from <paramref name="place"/> on that some of the groups lack, as many as fit (at least one); advances the place
    /// past them.
    /// </summary>
    public void Take(ref long place, ulong groups, int maxSwipes, List<BatchPart> into)
    {
        into.Clear();
        var swipes = 0;
        lock (_lock)
        {
            for (place = Math.Max(place, _first); place < _end; place++)
            {
                if (At(place) is not { } batch || (batch.Lacking & groups) == 0)
                    continue;
                swipes += batch.Swipes.Length;
                if (into.Count > 0 && swipes > maxSwipes)
                    return;
                into.Add(new BatchPart(batch, batch.Lacking & groups));
            }
        }
    }

    /// <summary>These groups have taken their parts of the batches.</summary>
    public void Settle(List<BatchPart> parts, ulong groups)
    {
        lock (_lock)
        {
            foreach (var (batch, part) in parts)
            {
                if (batch.Lacking != 0 && batch.Settle(part & groups))
                    End(batch);
            }

            Trim();
        }
    }

    /// <summary>Those of the groups that must be marked as untrusted before they are sent anything.</summary>
    public ulong Doubtful(ulong groups)
    {
        lock (_lock)
            return _doubtful & groups;
    }

    /// <summary>These groups must be marked as untrusted.</summary>
    public void Doubt(ulong groups)
    {
        lock (_lock)
            _doubtful |= groups;
    }

    /// <summary>These groups are marked as untrusted now.</summary>
    public void ClearDoubt(ulong groups)
    {
        lock (_lock)
            _doubtful &= ~groups;
    }

    private IndexBatch? At(long place) => _ring[place & (_ring.Length - 1)];

    // The groups that lack the oldest batch hold up the queue.
    private void AbandonSlowest()
    {
        var slowest = At(_first)!.Lacking;
        for (var place = _first; place < _end; place++)
        {
            if (At(place) is { Lacking: not 0 } batch && batch.Abandon(slowest))
                End(batch);
        }

        _doubtful |= slowest;
        Trim();
    }

    private void End(IndexBatch batch)
    {
        _waiting -= batch.Swipes.Length;
        batch.Complete();
    }

    private void Trim()
    {
        while (_first < _end && At(_first)!.Lacking == 0)
            _ring[_first++ & (_ring.Length - 1)] = null;
    }

    private void Grow()
    {
        var larger = new IndexBatch?[_ring.Length * 2];
        for (var place = _first; place < _end; place++)
            larger[place & (larger.Length - 1)] = At(place);
        _ring = larger;
    }
}

/// <summary>The part of a batch for one server.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Groups">The server's groups that lack it.</param>
internal readonly record struct BatchPart(IndexBatch Batch, ulong Groups);
