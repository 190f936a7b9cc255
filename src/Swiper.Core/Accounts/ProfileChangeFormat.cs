using System.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>Reads and writes a <see cref="ProfileChange"/> as a map of new values.</summary>
internal static class ProfileChangeFormat
{
    public static ProfileChange Read(string name, ref FieldReader fields)
    {
        var pairs = fields.Pairs(name);
        var change = new ProfileChange();
        var (isLatNil, isLonNil) = (false, false);
        while (pairs.Left > 0)
        {
            var field = pairs.String("field name", 64);
            if (pairs.Problem is not null)
                break;
            if (field == "lat" && pairs.SkipNil())
                isLatNil = true;
            else if (field == "lon" && pairs.SkipNil())
                isLonNil = true;
            else
                change = ProfileFields.Read(field, ref pairs, change);
        }
        if (isLatNil != isLonNil)
            pairs.Fail("lat", ProfileFields.HalfAPlace);
        fields.Fail(pairs.Problem);
        return isLatNil ? change with { RemovePlace = true } : change;
    }

    public static void Write(ref MessagePackWriter writer, ProfileChange change)
    {
        (string Name, object? Value)[] fields =
        [
            ("nickname", change.Nickname), ("sex", change.Sex), ("location", change.Location), ("avatars", change.Avatars),
            ("birthday", change.Birthday), ("lat", change.Lat), ("lon", change.Lon), ("dating_sex", change.DatingSex),
            ("dating_location", change.DatingLocation), ("min_distance", change.MinDistance), ("max_distance", change.MaxDistance),
            ("min_age", change.MinAge), ("max_age", change.MaxAge), ("only_matched", change.OnlyMatched),
            ("vibration", change.Vibration), ("auto_play", change.AutoPlay),
        ];
        writer.WriteMapHeader(fields.Count(field => field.Value is not null) + (change.RemovePlace ? 2 : 0));
        if (change.RemovePlace)
        {
            writer.WriteString("lat"u8);
            writer.WriteNil();
            writer.WriteString("lon"u8);
            writer.WriteNil();
        }
        foreach (var (name, value) in fields)
        {
            if (value is null)
                continue;
            writer.WriteString(name);
            switch (value)
            {
                case string text: writer.WriteString(text); break;
                case Sex sex: writer.WriteString(ProfileFields.Letter(sex)); break;
                case DateOnly date: writer.WriteString(ProfileFields.IsoDate(date)); break;
                case int number: writer.WriteInt64(number); break;
                case double number: writer.WriteDouble(number); break;
                case bool flag: writer.WriteBoolean(flag); break;
                case IReadOnlyList<string> strings: ProfileViewFormat.WriteStrings(ref writer, strings); break;
                default: throw new UnreachableException();
            }
        }
    }
}
