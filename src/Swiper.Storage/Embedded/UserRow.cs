using System.Text.Json;
using Swiper.Core.Accounts;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded;

/// <summary>A profile as a row of `users`, in the order of the table's columns.</summary>
internal static class UserRow
{
    public static ReadOnlySpan<byte> Select =>
        """
        SELECT uid, phone, nickname, sex, birthday, location, lat, lon, avatars, vip_level, vip_end, dating_sex, dating_location,
               min_distance, max_distance, min_age, max_age, only_matched, vibration, auto_play, created
        FROM users WHERE uid = ?1
        """u8;

    public static ReadOnlySpan<byte> Replace =>
        """
        INSERT OR REPLACE INTO users (uid, phone, nickname, sex, birthday, location, lat, lon, avatars, vip_level, vip_end, dating_sex,
               dating_location, min_distance, max_distance, min_age, max_age, only_matched, vibration, auto_play, created)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
        """u8;

    /// <summary>The profile of a uid, or null.</summary>
    public static Profile? Find(SqliteStatement select, long uid)
    {
        select.Bind(1, uid);
        if (!select.Step())
            return null;
        try
        {
            return Read(select);
        }
        finally
        {
            select.Reset();
        }
    }

    public static void Write(SqliteStatement put, Profile profile)
    {
        put.Bind(1, profile.Uid);
        put.BindText(2, profile.Phone);
        put.BindText(3, profile.Nickname);
        put.Bind(4, (long)profile.Sex);
        put.Bind(5, profile.Birthday?.DayNumber ?? 0);
        put.BindText(6, profile.Location);
        if (profile.Place is { } place)
        {
            put.Bind(7, place.Lat);
            put.Bind(8, place.Lon);
        }
        else
        {
            put.BindNull(7);
            put.BindNull(8);
        }
        put.BindText(9, JsonSerializer.Serialize(profile.Avatars));
        put.Bind(10, profile.VipLevel);
        put.Bind(11, profile.VipEnd);
        put.Bind(12, (long)profile.DatingSex);
        put.BindText(13, profile.DatingLocation);
        put.Bind(14, profile.MinDistance);
        put.Bind(15, profile.MaxDistance);
        put.Bind(16, profile.MinAge);
        put.Bind(17, profile.MaxAge);
        put.Bind(18, profile.OnlyMatched ? 1 : 0);
        put.Bind(19, profile.Vibration ? 1 : 0);
        put.Bind(20, profile.AutoPlay ? 1 : 0);
        put.Bind(21, profile.Created);
        put.Run();
    }

    private static Profile Read(SqliteStatement row) => new()
    {
        Uid = row.Int64(0),
        Phone = row.Text(1),
        Nickname = row.Text(2),
        Sex = (Sex)row.Int64(3),
        Birthday = row.Int64(4) is var day and > 0 ? DateOnly.FromDayNumber((int)day) : null,
        Location = row.Text(5),
        Place = row.IsNull(6) || row.IsNull(7) ? null : new Place(row.Double(6), row.Double(7)),
        Avatars = JsonSerializer.Deserialize<string[]>(row.Bytes(8)) ?? [],
        VipLevel = (int)row.Int64(9),
        VipEnd = row.Int64(10),
        DatingSex = (Sex)row.Int64(11),
        DatingLocation = row.Text(12),
        MinDistance = (int)row.Int64(13),
        MaxDistance = (int)row.Int64(14),
        MinAge = (int)row.Int64(15),
        MaxAge = (int)row.Int64(16),
        OnlyMatched = row.Int64(17) != 0,
        Vibration = row.Int64(18) != 0,
        AutoPlay = row.Int64(19) != 0,
        Created = row.Int64(20),
    };
}
