using System.Globalization;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>The changeable fields of the profile map: name, type and bounds, each in one line.</summary>
internal static class ProfileFields
{
    public const int YoungestAge = 18;
    public const int OldestAge = 120;
    public const int FarthestKm = 20_038; // half of the equator
    public const int MaxLat = 90;
    public const int MaxLon = 180;
    public const int MaxNicknameBytes = 64;
    public const int MaxLocationBytes = 64;
    public const int MaxAvatarBytes = 512;

    public const string HalfAPlace = "lat and lon must be set together";

    private static readonly string[] ReadOnly = ["uid", "phone", "age", "vip_level", "vip_end"];

    /// <summary>Reads the value of one field into the change; an unknown name is reported as a problem.</summary>
    public static ProfileChange Read(string name, ref FieldReader value, ProfileChange change)
    {
        switch (name)
        {
            case "nickname": return change with { Nickname = Text(name, ref value, MaxNicknameBytes, mayBeEmpty: false) };
            case "sex" when value.NextKind == MessagePackKind.Nil:
            case "birthday" when value.NextKind == MessagePackKind.Nil:
                value.Fail(name, "may be changed but not removed");
                return change;
            case "sex": return change with { Sex = SexOf(name, ref value) };
            case "birthday": return change with { Birthday = Date(name, ref value) };
            case "location": return change with { Location = Text(name, ref value, MaxLocationBytes) };
            case "lat": return change with { Lat = Degrees(name, ref value, MaxLat) };
            case "lon": return change with { Lon = Degrees(name, ref value, MaxLon) };
            case "avatars": return change with { Avatars = Avatars(name, ref value) };
            case "dating_sex": return change with { DatingSex = SexOf(name, ref value) };
            case "dating_location": return change with { DatingLocation = Text(name, ref value, MaxLocationBytes) };
            case "min_distance": return change with { MinDistance = value.Int32(name, 0, FarthestKm) };
            case "max_distance": return change with { MaxDistance = value.Int32(name, 1, FarthestKm) };
            case "min_age": return change with { MinAge = value.Int32(name, YoungestAge, OldestAge) };
            case "max_age": return change with { MaxAge = value.Int32(name, YoungestAge, OldestAge) };
            case "only_matched": return change with { OnlyMatched = value.Boolean(name) };
            case "vibration": return change with { Vibration = value.Boolean(name) };
            case "auto_play": return change with { AutoPlay = value.Boolean(name) };
            default:
                value.Fail(name, ReadOnly.Contains(name) ? "can't be changed" : "no such field");
                return change;
        }
    }

    /// <summary>"F" or "M".</summary>
    public static Sex SexOf(string name, ref FieldReader value)
    {
        switch (value.String(name, 8))
        {
            case "F": return Sex.Female;
            case "M": return Sex.Male;
            default:
                value.Fail(name, "expected \"F\" or \"M\"");
                return default;
        }
    }

    public static string Letter(Sex sex) => sex switch
    {
        Sex.Female => "F",
        Sex.Male => "M",
        _ => throw new ArgumentOutOfRangeException(nameof(sex), sex, "Neither female nor male."),
    };

    public static string IsoDate(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>"YYYY-MM-DD".</summary>
    public static DateOnly Date(string name, ref FieldReader value)
    {
        if (!DateOnly.TryParseExact(value.String(name, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            value.Fail(name, "expected \"YYYY-MM-DD\"");
        return date;
    }

    public static List<string> Avatars(string name, ref FieldReader value)
    {
        var elements = value.Elements(name);
        var avatars = new List<string>();
        while (elements.Left > 0 && avatars.Count < Profile.MaxAvatars)
            avatars.Add(elements.String(name, MaxAvatarBytes));
        value.Fail(elements.Problem);
        if (elements.Left > 0)
            value.Fail(name, $"more than {Profile.MaxAvatars}");
        return avatars;
    }

    private static string Text(string name, ref FieldReader value, int maxBytes, bool mayBeEmpty = true)
    {
        var text = value.String(name, maxBytes);
        var trimmed = text.Trim();
        var problem = trimmed.Length > 0 ? ShownText.ProblemOf(text) : mayBeEmpty ? null : "is empty";
        if (problem is not null)
            value.Fail(name, problem);
        return trimmed;
    }

    private static double Degrees(string name, ref FieldReader value, int max)
    {
        var degrees = value.Double(name);
        if (!(Math.Abs(degrees) <= max))
            value.Fail(name, $"expected -{max} to {max}");
        return degrees;
    }
}
