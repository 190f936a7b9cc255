namespace Swiper.Core.Protocol;

/// <summary>Times of the wire: milliseconds since the Unix epoch.</summary>
public static class WireTime
{
    public static long NowMs(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The UTC day that a wire time falls on.</summary>
    public static DateOnly Day(long ms) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime);
}
