using System.Text.Json;
using Swiper.Core.Protocol;

namespace Swiper.Core.Vip;

/// <summary>
/// The one place that decides who may use paid features. So far it grants the same to everyone; handlers check a user's permission,
/// so adding levels changes only this type.
/// </summary>
/// <param name="grantedToAll">Permissions that need no VIP level.</param>
public sealed class PermissionPolicy(IReadOnlySet<Permission> grantedToAll)
{
    /// <summary>Everybody may use everything.</summary>
    public static readonly PermissionPolicy GrantAll = new(Enum.GetValues<Permission>().ToHashSet());

    /// <summary>Default where the user may, else <see cref="StatusCode.VipRequired"/> with the permission's name.</summary>
    public Failure Check(long uid, Permission permission)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(uid);
        return grantedToAll.Contains(permission) ? default : new Failure(StatusCode.VipRequired, WireName(permission));
    }

    private static string WireName(Permission permission) => JsonNamingPolicy.SnakeCaseLower.ConvertName(permission.ToString());
}
