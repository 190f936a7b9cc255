namespace Swiper.Load.Results;

/// <summary>
/// Microseconds from when a request was due (open loop) or sent (closed loop) to its reply. A percentile and the
/// maximum are the upper bound of their histogram bucket, at most 1 % too high.
/// </summary>
public sealed record Latency(double Mean, double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>The latency of no requests: NaN, to distinguish it from zero.</summary>
    public static Latency None { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
}
