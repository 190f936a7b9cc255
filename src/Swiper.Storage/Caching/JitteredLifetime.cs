namespace Swiper.Storage.Caching;

/// <summary>How long something is kept: what was loaded together must not have to be loaded again together.</summary>
internal static class JitteredLifetime
{
    /// <summary>Half to the whole of the longest, in ticks of the clock's timestamps.</summary>
    public static long Ticks(TimeSpan longest, TimeProvider clock) =>
        (long)(longest.TotalSeconds * clock.TimestampFrequency * (0.5 + Random.Shared.NextDouble() / 2));
}
