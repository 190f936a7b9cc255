using Swiper.Core.Protocol;

namespace Swiper.Core.Vip;

/// <summary>Who has which VIP level, and what the levels are. What is read comes from memory, at once.</summary>
public interface IVipRepository
{
    /// <summary>The table of levels, as this host last heard of it.</summary>
    VipLevels Levels { get; }

    /// <summary>The user's level as it was granted: whether it has ended is up to <see cref="VipStatus.At"/>.</summary>
    VipStatus StatusOf(long uid);

    /// <summary>
    /// Grants days of a level as <see cref="VipStatus.Grant"/> allows, with push 707 now and when they end.
    /// <see cref="StatusCode.NoSuchUser"/> if nobody has this uid.
    /// </summary>
    ValueTask<Outcome<VipStatus>> GrantAsync(long uid, int level, int days, long now);

    /// <summary>Ends the user's level now, with push 707. Nothing happens without one.</summary>
    ValueTask<Outcome<VipStatus>> RevokeAsync(long uid, long now);

    /// <summary>Changes a level for everybody, as <see cref="VipLevelChange.ApplyTo"/> allows; other hosts hear of it.</summary>
    ValueTask<Outcome<VipLevel>> ChangeLevelAsync(int level, VipLevelChange change);
}
