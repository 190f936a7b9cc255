using System.Text.Json;

namespace Swiper.Core.Vip;

/// <summary>Some permissions.</summary>
/// <param name="Bits">One a permission, by its number.</param>
public readonly record struct PermissionSet(uint Bits)
{
    public static readonly PermissionSet None;
    public static readonly PermissionSet All = Of(Enum.GetValues<Permission>());

    public static PermissionSet Of(IEnumerable<Permission> permissions) =>
        new(permissions.Aggregate(0u, static (bits, permission) => bits | Bit(permission)));

    public bool Contains(Permission permission) => (Bits & Bit(permission)) != 0;

    /// <summary>Their names on the wire, in the order of their numbers.</summary>
    public IReadOnlyList<string> ToNames()
    {
        var set = this;
        return [.. Enum.GetValues<Permission>().Where(permission => set.Contains(permission)).Select(PermissionNames.Of)];
    }

    private static uint Bit(Permission permission) => 1u << (int)permission;
}

/// <summary>Permissions in words, as they are on the wire and in the store.</summary>
public static class PermissionNames
{
    private static readonly string[] Names =
        [.. Enum.GetValues<Permission>().Select(static permission => JsonNamingPolicy.SnakeCaseLower.ConvertName(permission.ToString()))];

    /// <summary>All names, in the order of their numbers.</summary>
    public static IReadOnlyList<string> All => Names;

    public static string Of(Permission permission) => Names[(int)permission];

    /// <summary>False if this version knows no permission of that name.</summary>
    public static bool TryParse(string name, out Permission permission)
    {
        var index = Array.IndexOf(Names, name);
        permission = (Permission)Math.Max(0, index);
        return index >= 0;
    }
}
