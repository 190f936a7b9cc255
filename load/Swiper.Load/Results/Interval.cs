namespace Swiper.Load.Results;

/// <summary>A second of a run.</summary>
/// <param name="At">Seconds since the measured part began, at the end of this interval; not above zero while warming up.</param>
/// <param name="PerSecond">Requests per second that ended in it, whenever they were due.</param>
/// <param name="Codes">
/// Codes of what ended in it; in the measured part without <see cref="WarmUpEnded"/>, which only the rate includes.
/// </param>
/// <param name="Latency">Latency of the same requests.</param>
/// <param name="Connections">Open at its end.</param>
/// <param name="DuePerSecond">Requests a second that were due in it; null in the closed loop.</param>
public sealed record Interval(
    double At, double PerSecond, IReadOnlyDictionary<int, long> Codes, Latency Latency, int Connections, double? DuePerSecond = null)
{
    /// <summary>
    /// In the measured part: requests due in the warm-up that ended in this second. A server that does not keep up has many.
    /// </summary>
    public long WarmUpEnded { get; init; }

    /// <summary>
    /// Requests due in this second that became errors only after the measured part: never sent, or never answered. Together with the
    /// errors in <see cref="Codes"/> this assigns each error of the report to one second.
    /// </summary>
    public long LateErrors { get; init; }

    internal bool IsWarmUp => At <= 0;

    internal long Ended => Codes.All() + WarmUpEnded;

    /// <summary>Its length; below a second only if the run ends within it.</summary>
    internal double Seconds => IsWarmUp ? 1 : At - (Math.Ceiling(At) - 1);

    internal long Errors => Codes.Errors() + LateErrors;

    /// <summary><see cref="Latency"/>, or none without requests.</summary>
    internal Latency MeasuredLatency => Codes.All() > 0 ? Latency : Latency.None;

    internal double ErrorsPerSecond => (Ended > 0 ? PerSecond * Codes.Errors() / Ended : 0) + (LateErrors / Seconds);

    internal double WarmUpPerSecond => Ended > 0 ? PerSecond * WarmUpEnded / Ended : 0;
}
