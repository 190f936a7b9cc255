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

    /// <summary>When the day of a time ends.</summary>
    public static long EndOfDay(long ms) => (WireTime.DayNumber(ms) + 1) * WireTime.DayMs;

    /// <summary>Why the user's last swipe can't be taken back; default if it can.</summary>
    /// <param name="at">When it was made.</param>
    /// <param name="usedToday">Rewinds that the user has used today.</param>
    /// <param name="now">The time of the request.</param>
    public static Failure CheckRewind(long at, int usedToday, long now) =>
        usedToday >= RewindsADay ? RewindLimit
        : now - at > (long)RewindWithin.TotalMilliseconds ? RewindTooLate
        : default;
}
