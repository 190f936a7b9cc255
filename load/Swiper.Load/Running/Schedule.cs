namespace Swiper.Load.Running;

/// <summary>
/// When the requests of an open loop are due: at a fixed rate, to which it climbs evenly from nothing where a ramp is asked for.
/// </summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="RampUpSeconds">From the first second on.</param>
internal readonly record struct Schedule(double Rate, double RampUpSeconds = 0)
{
    private double OfRamp => Rate * RampUpSeconds / 2;

    /// <summary>How many are due in the first so many seconds.</summary>
    public long DueBy(double seconds) => (long)Integral(seconds);

    /// <summary>How many a second are due between two moments, on average.</summary>
    public double RateBetween(double from, double to) => to > from ? (Integral(to) - Integral(from)) / (to - from) : 0;

    /// <summary>When one is due, in seconds.</summary>
    /// <param name="request">From 0.</param>
    public double TimeOf(long request) => request + 1 < OfRamp
        ? Math.Sqrt((request + 1) * 2 * RampUpSeconds / Rate)
        : RampUpSeconds + ((request + 1 - OfRamp) / Rate);

    private double Integral(double seconds) => seconds <= 0 ? 0 : seconds < RampUpSeconds
        ? Rate * seconds * seconds / (2 * RampUpSeconds)
        : OfRamp + (Rate * (seconds - RampUpSeconds));
}
