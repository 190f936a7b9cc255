using System.Text.Json;
using Swiper.Core.Accounts;

namespace Swiper.Storage.Accounts;

/// <summary>A profile as a row of `users`.</summary>
internal sealed record UserRow
{
    public const string Key = "uid";

    public const string Select =
        """
        SELECT uid, phone, nickname, sex, birthday, location, lat, lon, avatars, vip_level, vip_end, dating_sex, dating_location,
               min_distance, max_distance, min_age, max_age, only_matched, vibration, auto_play, created
        FROM users WHERE uid = @Uid
        """;

    public static readonly string[] OtherColumns =
    [
        "phone", "nickname", "sex", "birthday", "location", "lat", "lon", "avatars", "vip_level", "vip_end", "dating_sex",
        "dating_location", "min_distance", "max_distance", "min_age", "max_age", "only_matched", "vibration", "auto_play", "created",
    ];

    public long Uid { get; init; }

    public string Phone { get; init; } = "";

    public string Nickname { get; init; } = "";

    public int Sex { get; init; }

    /// <summary>A <see cref="DateOnly.DayNumber"/>; 0 if unknown.</summary>
    public int Birthday { get; init; }

    public string Location { get; init; } = "";

    public double? Lat { get; init; }

    public double? Lon { get; init; }

    /// <summary>A JSON array.</summary>
    public string Avatars { get; init; } = "[]";

    public int VipLevel { get; init; }

    public long VipEnd { get; init; }

    public int DatingSex { get; init; }

    public string DatingLocation { get; init; } = "";

    public int MinDistance { get; init; }

    public int MaxDistance { get; init; }

    public int MinAge { get; init; }

    public int MaxAge { get; init; }

    public bool OnlyMatched { get; init; }

    public bool Vibration { get; init; }

    public bool AutoPlay { get; init; }

    public long Created { get; init; }

    public static UserRow Of(Profile profile) => new()
    {
        Uid = profile.Uid,
        Phone = profile.Phone,
        Nickname = profile.Nickname,
        Sex = (int)profile.Sex,
        Birthday = profile.Birthday?.DayNumber ?? 0,
        Location = profile.Location,
        Lat = profile.Place?.Lat,
        Lon = profile.Place?.Lon,
        Avatars = JsonSerializer.Serialize(profile.Avatars),
        VipLevel = profile.VipLevel,
        VipEnd = profile.VipEnd,
        DatingSex = (int)profile.DatingSex,
        DatingLocation = profile.DatingLocation,
        MinDistance = profile.MinDistance,
        MaxDistance = profile.MaxDistance,
        MinAge = profile.MinAge,
        MaxAge = profile.MaxAge,
        OnlyMatched = profile.OnlyMatched,
        Vibration = profile.Vibration,
        AutoPlay = profile.AutoPlay,
        Created = profile.Created,
    };

    public Profile ToProfile() => new()
    {
        Uid = Uid,
        Phone = Phone,
        Nickname = Nickname,
        Sex = (Sex)Sex,
        Birthday = Birthday > 0 ? DateOnly.FromDayNumber(Birthday) : null,
        Location = Location,
        Place = Lat is { } lat && Lon is { } lon ? new Place(lat, lon) : null,
        Avatars = JsonSerializer.Deserialize<string[]>(Avatars) ?? [],
        VipLevel = VipLevel,
        VipEnd = VipEnd,
        DatingSex = (Sex)DatingSex,
        DatingLocation = DatingLocation,
        MinDistance = MinDistance,
        MaxDistance = MaxDistance,
        MinAge = MinAge,
        MaxAge = MaxAge,
        OnlyMatched = OnlyMatched,
        Vibration = Vibration,
        AutoPlay = AutoPlay,
        Created = Created,
    };
}
