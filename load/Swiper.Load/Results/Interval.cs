namespace Swiper.Load.Results;

/// <summary>A second of a run.</summary>
/// <param name="At">Seconds since the measured part began, at the end of this interval; not above zero while warming up.</param>
/// <param name="Connections">Open at its end.</param>
/// <param name="DuePerSecond">Requests a second that were due in it; null in the closed loop.</param>
public sealed record Interval(
    double At, double PerSecond, IReadOnlyDictionary<int, long> Codes, Latency Latency, int Connections, double? DuePerSecond = null);
