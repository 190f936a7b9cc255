namespace Swiper.Tests.Shared;

/// <summary>Waits for things that come by themselves.</summary>
internal static class Wait
{
    private static readonly TimeSpan NearMidnight = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Returns at once, but for the last moments of a day (UTC): the boards of days and weeks would begin anew before they are read.
    /// </summary>
    public static Task UntilMidnightIsFarAsync() =>
        Eventually.HoldsAsync(() => DateTime.UtcNow.TimeOfDay < TimeSpan.FromDays(1) - NearMidnight, "the next day");
}
