using System.Globalization;
using Swiper.Core.Protocol;

namespace Swiper.Core.Vip;

/// <summary>A user's VIP level as it was granted.</summary>
/// <param name="Level">0 without one.</param>
/// <param name="Ends">The level counts until right before this time; 0 without one.</param>
public readonly record struct VipStatus(int Level, long Ends)
{
    /// <summary>The longest that a level can last from now.</summary>
    public const int MostDays = 3650;

    public static readonly VipStatus None;

    /// <summary>What is left of it at a time.</summary>
    public VipStatus At(long now) => Ends > now ? this : None;

    /// <summary>
    /// The status after days of a level are granted: added to the end of the same level, from now where it is a higher one than the user
    /// has, whose rest is lost. A lower one would take away what the user has, and is refused.
    /// </summary>
    public Outcome<VipStatus> Grant(int level, int days, long now)
    {
        if (level is < 1 or > VipLevel.Highest)
            return Bad($"level: {level} is not between 1 and {VipLevel.Highest}");
        if (days is < 1 or > MostDays)
            return Bad($"days: {days} is not between 1 and {MostDays}");
        var present = At(now);
        if (present.Level > level)
            return new Failure(StatusCode.DataError, $"the user has level {present.Level} until {Utc(present.Ends)}: revoke it first");
        var ends = (present.Level == level ? present.Ends : now) + days * WireTime.DayMs;
        return ends <= now + MostDays * WireTime.DayMs
            ? new VipStatus(level, ends)
            : Bad($"days: the level, which lasts until {Utc(present.Ends)}, would last for more than {MostDays} days from now");
    }

    private static Failure Bad(string problem) => new(StatusCode.BadParams, problem);

    private static string Utc(long at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
