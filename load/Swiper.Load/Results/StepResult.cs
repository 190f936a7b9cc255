namespace Swiper.Load.Results;

/// <summary>One kind of request.</summary>
/// <param name="Count">That were due in the measured time (in the closed loop: sent).</param>
/// <param name="PerSecond">Replies a second that came in the measured time, whenever they were due.</param>
/// <param name="Codes">How many replies had which status code; -1 counts requests that got none: a lost connection or a timeout.</param>
/// <param name="Distribution">The latencies as a histogram: ascending, without empty buckets.</param>
public sealed record StepResult(
    string Name, long Count, double PerSecond, IReadOnlyDictionary<int, long> Codes, Latency Latency,
    IReadOnlyList<LatencyBucket> Distribution)
{
    /// <summary>
    /// Replies that came in the measured time. Where the server does not keep up they belong to requests that were due earlier.
    /// </summary>
    public long Replies { get; init; }

    /// <summary>Stands for a status code where there was no reply.</summary>
    public const int NoReply = -1;

    /// <summary><see cref="Latency"/>, or none where there was no request.</summary>
    internal Latency MeasuredLatency => Count > 0 ? Latency : Latency.None;
}
