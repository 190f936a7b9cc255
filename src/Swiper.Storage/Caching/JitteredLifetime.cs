namespace Swiper.Storage.Caching;

/// <summary>A lifetime with jitter, so that entries loaded together don't expire together.</summary>
internal static class JitteredLifetime
{
    /// <summary>Between half of the longest lifetime and all of it, in ticks of the clock's timestamps.</summary>
    public static long Ticks(TimeSpan longest, TimeProvider clock) =>
        (long)(longest.TotalSeconds * clock.TimestampFrequency * (0.5 + Random.Shared.NextDouble() / 2));
}
