using System.Text.Json;
using Swiper.Core.Vip;

namespace Swiper.Storage.Vip;

/// <summary>A VIP level as a row of `vip_levels`.</summary>
internal sealed record VipLevelRow
{
    public const string Key = "level";
    public const string Select = "SELECT level, name, permissions, prices FROM vip_levels";
    public static readonly string[] OtherColumns = ["name", "permissions", "prices"];

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public int Level { get; init; }

    public string Name { get; init; } = "";

    /// <summary>A JSON array of names.</summary>
    public string Permissions { get; init; } = "[]";

    /// <summary>A JSON array of objects.</summary>
    public string Prices { get; init; } = "[]";

    public static VipLevelRow Of(VipLevel level) => new()
    {
        Level = level.Level,
        Name = level.Name,
        Permissions = JsonSerializer.Serialize(level.Permissions),
        Prices = JsonSerializer.Serialize(level.Prices, Json),
    };

    public VipLevel ToLevel() => new(
        Level, Name, JsonSerializer.Deserialize<string[]>(Permissions) ?? [], JsonSerializer.Deserialize<VipPrice[]>(Prices, Json) ?? []);
}
