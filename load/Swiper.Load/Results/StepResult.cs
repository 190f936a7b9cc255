namespace Swiper.Load.Results;

/// <summary>Replies that took at most <paramref name="UpTo"/> microseconds and longer than the previous bucket.</summary>
public readonly record struct LatencyBucket(double UpTo, long Count);

/// <summary>One kind of request.</summary>
/// <param name="Count">Requests due (in a closed loop: sent) in the measured part.</param>
/// <param name="PerSecond">Replies per second received in the measured part, whenever they were due.</param>
/// <param name="Codes">Replies by status code; -1 counts requests without a reply: a lost connection or a timeout.</param>
/// <param name="Distribution">The latencies as a histogram: ascending, without empty buckets.</param>
public sealed record StepResult(
    string Name, long Count, double PerSecond, IReadOnlyDictionary<int, long> Codes, Latency Latency,
    IReadOnlyList<LatencyBucket> Distribution)
{
    /// <summary>
    /// Replies received in the measured part. If the server does not keep up, they belong to requests that were due earlier.
    /// </summary>
    public long Replies { get; init; }

    /// <summary>Placeholder status code of a request without a reply.</summary>
    public const int NoReply = -1;

    /// <summary><see cref="Latency"/>, or none without requests.</summary>
    internal Latency MeasuredLatency => Count > 0 ? Latency : Latency.None;
}
