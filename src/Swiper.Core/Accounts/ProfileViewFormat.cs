using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>Reads and writes a <see cref="ProfileView"/> as a map of fields.</summary>
internal static class ProfileViewFormat
{
    public static void Write(ref MessagePackWriter writer, ProfileView view)
    {
        writer.WriteMapHeader(view.Own is null ? 8 : 20);
        writer.WriteString("uid"u8);
        writer.WriteInt64(view.Uid);
        writer.WriteString("nickname"u8);
        writer.WriteString(view.Nickname);
        writer.WriteString("sex"u8);
        if (view.Sex == Sex.Unknown)
            writer.WriteNil();
        else
            writer.WriteString(ProfileFields.Letter(view.Sex));
        writer.WriteString("location"u8);
        writer.WriteString(view.Location);
        writer.WriteString("avatars"u8);
        WriteStrings(ref writer, view.Avatars);
        writer.WriteString("vip_level"u8);
        writer.WriteInt64(view.VipLevel);
        writer.WriteString("vip_end"u8);
        writer.WriteInt64(view.VipEnd);
        if (view.Own is { } own)
        {
            WriteOwn(ref writer, own);
            return;
        }
        writer.WriteString("age"u8);
        writer.WriteOptionalInt64(view.Age);
    }

    public static void WriteStrings(ref MessagePackWriter writer, IReadOnlyList<string> strings)
    {
        writer.WriteArrayHeader(strings.Count);
        for (var index = 0; index < strings.Count; index++)
            writer.WriteString(strings[index]);
    }

    /// <summary>Reads the next field, a map. Unknown fields are skipped.</summary>
    public static ProfileView Read(string name, ref FieldReader fields)
    {
        var pairs = fields.Pairs(name);
        var view = new ProfileView();
        var own = new ProfileView.OwnFields();
        var isOwn = false;
        while (pairs.Left > 0)
        {
            var field = pairs.String("field name", 64);
            switch (field)
            {
                case "uid": view = view with { Uid = pairs.Int64(field) }; break;
                case "nickname": view = view with { Nickname = pairs.String(field, int.MaxValue) }; break;
                case "sex": view = view with { Sex = pairs.SkipNil() ? Sex.Unknown : ProfileFields.SexOf(field, ref pairs) }; break;
                case "age": view = view with { Age = (int?)pairs.OptionalInt64(field) }; break;
                case "location": view = view with { Location = pairs.String(field, int.MaxValue) }; break;
                case "avatars": view = view with { Avatars = ProfileFields.Avatars(field, ref pairs) }; break;
                case "vip_level": view = view with { VipLevel = pairs.Int32(field, 0, int.MaxValue) }; break;
                case "vip_end": view = view with { VipEnd = pairs.Int64(field) }; break;
                default:
                    isOwn |= field == "phone";
                    own = ReadOwn(field, ref pairs, own);
                    break;
            }
        }
        fields.Fail(pairs.Problem);
        return isOwn ? view with { Own = own } : view;
    }

    private static ProfileView.OwnFields ReadOwn(string field, ref FieldReader value, ProfileView.OwnFields own)
    {
        switch (field)
        {
            case "phone": return own with { Phone = value.String(field, int.MaxValue) };
            case "birthday": return own with { Birthday = value.SkipNil() ? null : ProfileFields.Date(field, ref value) };
            case "lat": return own with { Place = value.SkipNil() ? null : new Place(value.Double(field), own.Place?.Lon ?? 0) };
            case "lon": return own with { Place = value.SkipNil() ? null : new Place(own.Place?.Lat ?? 0, value.Double(field)) };
            case "dating_sex": return own with { DatingSex = ProfileFields.SexOf(field, ref value) };
            case "dating_location": return own with { DatingLocation = value.String(field, int.MaxValue) };
            case "min_distance": return own with { MinDistance = value.Int32(field, 0, int.MaxValue) };
            case "max_distance": return own with { MaxDistance = value.Int32(field, 0, int.MaxValue) };
            case "min_age": return own with { MinAge = value.Int32(field, 0, int.MaxValue) };
            case "max_age": return own with { MaxAge = value.Int32(field, 0, int.MaxValue) };
            case "only_matched": return own with { OnlyMatched = value.Boolean(field) };
            case "vibration": return own with { Vibration = value.Boolean(field) };
            case "auto_play": return own with { AutoPlay = value.Boolean(field) };
            default:
                value.Raw(field);
                return own;
        }
    }

    private static void WriteOwn(ref MessagePackWriter writer, ProfileView.OwnFields own)
    {
        writer.WriteString("phone"u8);
        writer.WriteString(own.Phone);
        writer.WriteString("birthday"u8);
        if (own.Birthday is { } birthday)
            writer.WriteString(ProfileFields.IsoDate(birthday));
        else
            writer.WriteNil();
        writer.WriteString("lat"u8);
        WriteDegrees(ref writer, own.Place?.Lat);
        writer.WriteString("lon"u8);
        WriteDegrees(ref writer, own.Place?.Lon);
        writer.WriteString("dating_sex"u8);
        writer.WriteString(ProfileFields.Letter(own.DatingSex));
        writer.WriteString("dating_location"u8);
        writer.WriteString(own.DatingLocation);
        writer.WriteString("min_distance"u8);
        writer.WriteInt64(own.MinDistance);
        writer.WriteString("max_distance"u8);
        writer.WriteInt64(own.MaxDistance);
        writer.WriteString("min_age"u8);
        writer.WriteInt64(own.MinAge);
        writer.WriteString("max_age"u8);
        writer.WriteInt64(own.MaxAge);
        writer.WriteString("only_matched"u8);
        writer.WriteBoolean(own.OnlyMatched);
        writer.WriteString("vibration"u8);
        writer.WriteBoolean(own.Vibration);
        writer.WriteString("auto_play"u8);
        writer.WriteBoolean(own.AutoPlay);
    }

    private static void WriteDegrees(ref MessagePackWriter writer, double? degrees)
    {
        if (degrees is { } value)
            writer.WriteDouble(value);
        else
            writer.WriteNil();
    }
}
