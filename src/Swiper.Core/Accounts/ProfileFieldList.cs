namespace Swiper.Core.Accounts;

/// <summary>The fields of the profile map, for docs/PROTOCOL.md. A test compares it with what is written and read.</summary>
public static class ProfileFieldList
{
    private const string NilUntilTold =
        "nil until set; then it may be changed but not removed. Until set, the user is on nobody's deck";

    private static readonly string Ages = $"{ProfileFields.YoungestAge} to {ProfileFields.OldestAge}";

    public static readonly IReadOnlyList<ProfileFieldDescription> All =
    [
        new("uid", "int", ProfileFieldSeen.ByAll, false, "the user"),
        new("nickname", "str", ProfileFieldSeen.ByAll, true,
            $"1 to {ProfileFields.MaxNicknameBytes} bytes; at least one visible character, no control characters and none that change "
            + "text direction; surrounding white space is removed. A new user gets the last six digits of the uid"),
        new("sex", "str or nil", ProfileFieldSeen.ByAll, true, $"\"F\" or \"M\"; {NilUntilTold}"),
        new("age", "int or nil", ProfileFieldSeen.ByOthers, false,
            "whole years, nil if the birthday is not set; someone born on 29 February has their birthday on 1 March in common "
            + "years"),
        new("location", "str", ProfileFieldSeen.ByAll, true,
            $"where the user says they are from: empty, or at most {ProfileFields.MaxLocationBytes} bytes under the rules of a nickname"),
        new("avatars", "array of str", ProfileFieldSeen.ByAll, true,
            $"at most {Profile.MaxAvatars}, each at most {ProfileFields.MaxAvatarBytes} bytes; if `only_matched` is set, strangers see "
            + "only the first"),
        new("vip_level", "int", ProfileFieldSeen.ByAll, false, "0 to 3"),
        new("vip_end", "int", ProfileFieldSeen.ByAll, false, "when the VIP level ends; 0 without one"),
        new("phone", "str", ProfileFieldSeen.ByOneself, false, "masked"),
        new("birthday", "str or nil", ProfileFieldSeen.ByOneself, true, $"\"YYYY-MM-DD\", an age of {Ages}; {NilUntilTold}"),
        new("lat", "float or nil", ProfileFieldSeen.ByOneself, true,
            $"-{ProfileFields.MaxLat} to {ProfileFields.MaxLat} degrees north, only together with `lon`; nil for both removes the place. "
            + "Without a place the user's own deck is not limited by distance, and decks that are do not show the user"),
        new("lon", "float or nil", ProfileFieldSeen.ByOneself, true,
            $"-{ProfileFields.MaxLon} to {ProfileFields.MaxLon} degrees east, only together with `lat`"),
        new("dating_sex", "str", ProfileFieldSeen.ByOneself, true, "\"F\" or \"M\": the sex that the deck shows"),
        new("dating_location", "str", ProfileFieldSeen.ByOneself, true,
            "empty, or the `location` whose people the deck shows, at any distance; requires the permission `any_location`"),
        new("min_distance", "int", ProfileFieldSeen.ByOneself, true,
            $"0 to {ProfileFields.FarthestKm} kilometres; nobody is shown nearer than 1"),
        new("max_distance", "int", ProfileFieldSeen.ByOneself, true,
            $"1 to {ProfileFields.FarthestKm} kilometres, not below `min_distance`"),
        new("min_age", "int", ProfileFieldSeen.ByOneself, true, Ages),
        new("max_age", "int", ProfileFieldSeen.ByOneself, true, $"{Ages}, not below `min_age`"),
        new("only_matched", "bool", ProfileFieldSeen.ByOneself, true, "only matches see more than the first avatar"),
        new("vibration", "bool", ProfileFieldSeen.ByOneself, true, "an app setting; the server only stores it"),
        new("auto_play", "bool", ProfileFieldSeen.ByOneself, true, "an app setting; the server only stores it"),
    ];
}

/// <summary>Who sees a field of a profile.</summary>
public enum ProfileFieldSeen
{
    ByAll,
    ByOneself,
    ByOthers,
}

/// <param name="Name">Its name on the wire.</param>
/// <param name="Type">Its type on the wire.</param>
/// <param name="Seen">Who sees it.</param>
/// <param name="MayBeChanged">Whether `update_profile` can change it.</param>
/// <param name="Meaning">Its meaning and bounds.</param>
public sealed record ProfileFieldDescription(string Name, string Type, ProfileFieldSeen Seen, bool MayBeChanged, string Meaning);
