namespace Swiper.Storage.Metrics;

/// <summary>How the calls to a store ended, repetitions included in the call.</summary>
internal sealed class CallCounts
{
    private long _ok;
    private long _failed;
    private long _timedOut;

    /// <summary>The counts since the start, by outcome.</summary>
    public IEnumerable<(string Outcome, long Calls)> All =>
    [
        ("ok", Volatile.Read(ref _ok)), ("failed", Volatile.Read(ref _failed)), ("timeout", Volatile.Read(ref _timedOut)),
    ];

    public void Succeeded() => Interlocked.Increment(ref _ok);

    public void Failed() => Interlocked.Increment(ref _failed);

    public void TimedOut() => Interlocked.Increment(ref _timedOut);
}
