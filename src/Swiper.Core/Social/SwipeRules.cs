using Swiper.Core.Protocol;

namespace Swiper.Core.Social;

/// <summary>How many likes and rewinds a day has, and which swipe may be taken back. Days end at 00:00 UTC.</summary>
public static class SwipeRules
{
    /// <summary>Likes a day without <see cref="Vip.Permission.UnlimitedLikes"/>. Superlikes and dislikes don't count.</summary>
    public const int LikesADay = 100;

    public const int RewindsADay = 3;

    /// <summary>How long a swipe may be taken back.</summary>
    public static readonly TimeSpan RewindWithin = TimeSpan.FromMinutes(5);

    public static readonly Failure LikeQuota =
        new(StatusCode.LikeQuota, $"all {LikesADay} likes of today are used; the day ends at 00:00 UTC");

    public static readonly Failure NothingToRewind = new(StatusCode.NothingToRewind, "there is no swipe to take back");

    private static readonly Failure RewindLimit =
        new(StatusCode.RewindLimit, $"all {RewindsADay} rewinds of today are used; the day ends at 00:00 UTC");

    private static readonly Failure RewindTooLate =
        new(StatusCode.RewindTooLate, $"the last swipe was made more than {RewindWithin.TotalMinutes} minutes ago");

    /// <summary>
    /// How far the times of swipes and the days of what was counted may be ahead of the clock: the clocks of hosts differ, and the
    /// swipes of a user who does not wait for replies run ahead. What is further ahead is of a clock that was wrong.
    /// </summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether a time can't be when something happened: the clock was ahead then, or was before and times must not go back.
    /// </summary>
    public static bool IsAhead(long at, long now) => at - now > (long)MostAhead.TotalMilliseconds;

    /// <summary>When a swipe counts that is made, or taken back, now.</summary>
    public static long CountedAt(long at, long now) => IsAhead(at, now) ? now : at;

    /// <summary>
    /// Whether what was counted on a day counts now: on the same day, or, near its end, by a clock that is a little ahead.
    /// </summary>
    public static bool CountsOn(int day, long now) => day == WireTime.DayNumber(now) || day == LatestDay(now);

    /// <summary>The day that it is by the clock that is furthest ahead.</summary>
    public static int LatestDay(long now) => WireTime.DayNumber(now + (long)MostAhead.TotalMilliseconds);

    /// <summary>When the day of a time ends.</summary>
    public static long EndOfDay(long ms) => (WireTime.DayNumber(ms) + 1) * WireTime.DayMs;

    /// <summary>Why the user's last swipe can't be taken back; default if it can.</summary>
    /// <param name="at">When it was made; one whose time is ahead was made nobody knows when, and is too old.</param>
    /// <param name="usedToday">Rewinds that the user has used today.</param>
    /// <param name="now">The time of the request.</param>
    public static Failure CheckRewind(long at, int usedToday, long now) =>
        usedToday >= RewindsADay ? RewindLimit
        : now - at > (long)RewindWithin.TotalMilliseconds || IsAhead(at, now) ? RewindTooLate
        : default;
}
