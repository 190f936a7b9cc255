using Swiper.Core.Protocol;

namespace Swiper.Core.Vip;

/// <summary>The one place that decides who may use what. It answers at once, from memory, and allocates nothing.</summary>
public sealed class PermissionPolicy
{
    /// <summary>Everybody may use everything.</summary>
    public static readonly PermissionPolicy GrantAll = new(Enum.GetValues<Permission>().ToHashSet());

    private static readonly Failure[] Denied =
        [.. PermissionNames.All.Select(static name => new Failure(StatusCode.VipRequired, name))];

    private readonly PermissionSet _grantedToAll;
    private readonly IVipRepository? _vip;
    private readonly TimeProvider _clock = TimeProvider.System;

    /// <param name="grantedToAll">What everybody may use; nobody may use anything else.</param>
    public PermissionPolicy(IReadOnlySet<Permission> grantedToAll) => _grantedToAll = PermissionSet.Of(grantedToAll);

    /// <summary>Everybody may use what their VIP level has now, and those without one what level 0 has.</summary>
    public PermissionPolicy(IVipRepository vip, TimeProvider clock) => (_vip, _clock) = (vip, clock);

    /// <summary>Default where the user may, else <see cref="StatusCode.VipRequired"/> with the permission's name.</summary>
    public Failure Check(long uid, Permission permission) => Has(uid, permission) ? default : Denied[(int)permission];

    public bool Has(long uid, Permission permission) => Of(uid).Contains(permission);

    /// <summary>All that the user may use now.</summary>
    public PermissionSet Of(long uid)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(uid);
        return _vip is null ? _grantedToAll : _vip.Levels[_vip.StatusOf(uid).At(_clock.NowMs()).Level].Granted;
    }
}
