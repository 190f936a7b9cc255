namespace Swiper.Storage.Records;

/// <summary>
/// How many follow-ups of a shard wait, and for how long the oldest has at least. Their times change with each try, and their ids don't:
/// one that is not above the largest of an earlier look was there then.
/// </summary>
internal sealed class FollowUpBacklog(TimeProvider clock)
{
    // At one look in five seconds more than an hour. Follow-ups that came later than that count as younger than they are once all that
    // were there before are done.
    private const int MostLooks = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<(long Last, long At)> _looks = new();
    private long _largest;
    private long _pending;

    public long Pending => Volatile.Read(ref _pending);

    /// <summary>Zero if none waits.</summary>
    public TimeSpan Oldest
    {
        get
        {
            lock (_gate)
                return _looks.TryPeek(out var first) ? clock.GetElapsedTime(first.At) : TimeSpan.Zero;
        }
    }

    /// <summary>A look has found so many.</summary>
    /// <param name="pending">How many.</param>
    /// <param name="first">The smallest of their ids.</param>
    /// <param name="last">The largest.</param>
    public void Saw(long pending, long first, long last)
    {
        lock (_gate)
        {
            Volatile.Write(ref _pending, pending);
            if (pending == 0)
            {
                _looks.Clear();
                return;
            }

            while (_looks.TryPeek(out var look) && look.Last < first)
                _looks.Dequeue();
            if (_looks.Count >= MostLooks || (_looks.Count > 0 && _largest >= last))
                return;
            _looks.Enqueue((last, clock.GetTimestamp()));
            _largest = last;
        }
    }
}
