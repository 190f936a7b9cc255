using System.Data.Common;
using System.Text.Json;
using Swiper.Core.Accounts;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>A profile as a row of `users`, in the order of <see cref="Columns"/>.</summary>
internal static class UserRow
{
    public const string Columns =
        "uid, phone, nickname, sex, birthday, location, lat, lon, avatars, vip_level, vip_end, dating_sex, dating_location, "
        + "min_distance, max_distance, min_age, max_age, only_matched, vibration, auto_play, created";

    private const string Insert =
        $"INSERT INTO users ({Columns}) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, "
        + "@p16, @p17, @p18, @p19, @p20) ON DUPLICATE KEY UPDATE uid = uid";

    private const string Update =
        "UPDATE users SET phone = @p1, nickname = @p2, sex = @p3, birthday = @p4, location = @p5, lat = @p6, lon = @p7, avatars = @p8, "
        + "vip_level = @p9, vip_end = @p10, dating_sex = @p11, dating_location = @p12, min_distance = @p13, max_distance = @p14, "
        + "min_age = @p15, max_age = @p16, only_matched = @p17, vibration = @p18, auto_play = @p19, created = @p20 WHERE uid = @p0";

    /// <summary>False if the uid is taken.</summary>
    public static bool TryInsert(ShardConnection connection, Profile profile) => connection.Execute(Insert, Values(profile)) == 1;

    public static void Replace(ShardConnection connection, Profile profile) => connection.Execute(Update, Values(profile));

    public static Profile Read(DbDataReader row) => new()
    {
        Uid = row.GetInt64(0),
        Phone = row.GetString(1),
        Nickname = row.GetString(2),
        Sex = (Sex)row.GetInt32(3),
        Birthday = row.GetInt32(4) is var day and > 0 ? DateOnly.FromDayNumber(day) : null,
        Location = row.GetString(5),
        Place = row.IsDBNull(6) || row.IsDBNull(7) ? null : new Place(row.GetDouble(6), row.GetDouble(7)),
        Avatars = JsonSerializer.Deserialize<string[]>(row.GetString(8)) ?? [],
        VipLevel = row.GetInt32(9),
        VipEnd = row.GetInt64(10),
        DatingSex = (Sex)row.GetInt32(11),
        DatingLocation = row.GetString(12),
        MinDistance = row.GetInt32(13),
        MaxDistance = row.GetInt32(14),
        MinAge = row.GetInt32(15),
        MaxAge = row.GetInt32(16),
        OnlyMatched = row.GetInt32(17) != 0,
        Vibration = row.GetInt32(18) != 0,
        AutoPlay = row.GetInt32(19) != 0,
        Created = row.GetInt64(20),
    };

    private static object?[] Values(Profile profile) =>
    [
        profile.Uid,
        profile.Phone,
        profile.Nickname,
        (int)profile.Sex,
        profile.Birthday?.DayNumber ?? 0,
        profile.Location,
        profile.Place?.Lat,
        profile.Place?.Lon,
        JsonSerializer.Serialize(profile.Avatars),
        profile.VipLevel,
        profile.VipEnd,
        (int)profile.DatingSex,
        profile.DatingLocation,
        profile.MinDistance,
        profile.MaxDistance,
        profile.MinAge,
        profile.MaxAge,
        profile.OnlyMatched ? 1 : 0,
        profile.Vibration ? 1 : 0,
        profile.AutoPlay ? 1 : 0,
        profile.Created,
    ];
}
