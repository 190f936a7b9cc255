namespace Swiper.Core.Protocol;

/// <summary>Times of the wire: milliseconds since the Unix epoch.</summary>
public static class WireTime
{
    public const long DayMs = 24 * 60 * 60 * 1000;

    public static long NowMs(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The number of the UTC day that a wire time falls on, counted from the Unix epoch.</summary>
    public static int DayNumber(long ms) => (int)(ms / DayMs);

    /// <summary>The UTC day that a wire time falls on.</summary>
    public static DateOnly Day(long ms) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime);
}
