using System.Diagnostics;

namespace Swiper.Core.Dispatch;

/// <summary>
/// When a request arrived, and when it began: in between others had their turn. From <see cref="Stopwatch.GetTimestamp"/>.
/// </summary>
internal readonly record struct RequestTimes(long Arrived, long Begun)
{
    /// <summary>Whether something held it back.</summary>
    public bool HasWaited => Arrived < Begun;

    /// <summary>Where its time went.</summary>
    /// <param name="batch">That it was written in; default if it was in none.</param>
    /// <param name="now">When it was answered.</param>
    public RequestPhases PhasesUntil(long now, in BatchTimes batch)
    {
        var turn = Stopwatch.GetElapsedTime(Arrived, Begun);
        return batch.Began < Begun
            ? new(turn, default, default, Stopwatch.GetElapsedTime(Begun, now))
            : new(turn, Stopwatch.GetElapsedTime(Begun, batch.Began), Stopwatch.GetElapsedTime(batch.Began, batch.Ended),
                Stopwatch.GetElapsedTime(batch.Ended, now));
    }
}

/// <summary>What a request spent its time on.</summary>
/// <param name="Turn">Until it began: others of the connection or the user came first.</param>
/// <param name="Lane">Until a batch of its shard began.</param>
/// <param name="Commit">Until the batch was durable.</param>
/// <param name="Rest">Everything else: its handler, stores without lanes, what follows from a commit.</param>
internal readonly record struct RequestPhases(TimeSpan Turn, TimeSpan Lane, TimeSpan Commit, TimeSpan Rest)
{
    public TimeSpan Total => Turn + Lane + Commit + Rest;
}

/// <summary>
/// When a batch of a shard began to be written, and when it was durable or had failed. The thread that completes its operations says so
/// here, so that requests keep no times of their own: their replies are made on it.
/// </summary>
public readonly record struct BatchTimes(long Began, long Ended)
{
    [ThreadStatic]
    private static BatchTimes _completing;

    /// <summary>Of the batch whose operations the thread is completing; default if it is completing none.</summary>
    public static BatchTimes Completing
    {
        get => _completing;
        set => _completing = value;
    }

    /// <summary>The thread completes operations of this batch until the scope is disposed, whatever it was completing before.</summary>
    public Scope BeginCompleting() => new(this);

    /// <summary>While operations of a batch are completed among those of another, or of none.</summary>
    public readonly ref struct Scope
    {
        private readonly BatchTimes _before;

        internal Scope(BatchTimes times)
        {
            _before = _completing;
            _completing = times;
        }

        public void Dispose() => _completing = _before;
    }
}
