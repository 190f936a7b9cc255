namespace Swiper.Load.Running;

/// <summary>
/// When the requests of an open loop are due: at a fixed rate, after an optional linear ramp from zero.
/// </summary>
/// <param name="Rate">Requests per second.</param>
/// <param name="RampUpSeconds">Length of the ramp, from the start of the load.</param>
internal readonly record struct Schedule(double Rate, double RampUpSeconds = 0)
{
    private double OfRamp => Rate * RampUpSeconds / 2;

    /// <summary>Number of requests due within the given time from the start.</summary>
    public long DueBy(double seconds) => (long)Integral(seconds);

    /// <summary>Average requests per second due between two moments.</summary>
    public double RateBetween(double from, double to) => to > from ? (Integral(to) - Integral(from)) / (to - from) : 0;

    /// <summary>When a request is due, in seconds from the start.</summary>
    /// <param name="request">Index of the request, from 0.</param>
    public double TimeOf(long request) => request + 1 < OfRamp
        ? Math.Sqrt((request + 1) * 2 * RampUpSeconds / Rate)
        : RampUpSeconds + ((request + 1 - OfRamp) / Rate);

    private double Integral(double seconds) => seconds <= 0 ? 0 : seconds < RampUpSeconds
        ? Rate * seconds * seconds / (2 * RampUpSeconds)
        : OfRamp + (Rate * (seconds - RampUpSeconds));
}
