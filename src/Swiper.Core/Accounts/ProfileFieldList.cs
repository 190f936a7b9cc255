namespace Swiper.Core.Accounts;

/// <summary>The fields of the profile map, for docs/PROTOCOL.md. A test compares it with what is written and read.</summary>
public static class ProfileFieldList
{
    private const string NilUntilTold =
        "nil until it is told, and then it may be corrected, not removed; until then I am on nobody's deck";

    private static readonly string Ages = $"{ProfileFields.YoungestAge} to {ProfileFields.OldestAge}";

    public static readonly IReadOnlyList<ProfileFieldDescription> All =
    [
        new("uid", "int", ProfileFieldSeen.ByAll, false, "who"),
        new("nickname", "str", ProfileFieldSeen.ByAll, true,
            $"1 to {ProfileFields.MaxNicknameBytes} bytes; at least one visible character, no control characters and none that change the "
            + "direction of text; white space around it is removed. A new user has the last six digits of the uid"),
        new("sex", "str or nil", ProfileFieldSeen.ByAll, true, $"\"F\" or \"M\"; {NilUntilTold}"),
        new("age", "int or nil", ProfileFieldSeen.ByOthers, false,
            "whole years, nil where the birthday is not known; whoever was born on 29 February has their birthday on 1 March in common "
            + "years"),
        new("location", "str", ProfileFieldSeen.ByAll, true,
            $"where the user says to be from: empty, or at most {ProfileFields.MaxLocationBytes} bytes under the rules of a nickname"),
        new("avatars", "array of str", ProfileFieldSeen.ByAll, true,
            $"at most {Profile.MaxAvatars}, each at most {ProfileFields.MaxAvatarBytes} bytes; of those who set `only_matched`, strangers "
            + "see the first"),
        new("vip_level", "int", ProfileFieldSeen.ByAll, false, "0 to 3"),
        new("vip_end", "int", ProfileFieldSeen.ByAll, false, "when it ends; 0 without one"),
        new("phone", "str", ProfileFieldSeen.ByOneself, false, "masked"),
        new("birthday", "str or nil", ProfileFieldSeen.ByOneself, true, $"\"YYYY-MM-DD\", an age of {Ages}; {NilUntilTold}"),
        new("lat", "float or nil", ProfileFieldSeen.ByOneself, true,
            $"-{ProfileFields.MaxLat} to {ProfileFields.MaxLat} degrees north, only together with `lon`; nil for both removes the place. "
            + "Without one my deck is not limited by distance, and decks that are do not show me"),
        new("lon", "float or nil", ProfileFieldSeen.ByOneself, true,
            $"-{ProfileFields.MaxLon} to {ProfileFields.MaxLon} degrees east, only together with `lat`"),
        new("dating_sex", "str", ProfileFieldSeen.ByOneself, true, "\"F\" or \"M\": whom the deck shows"),
        new("dating_location", "str", ProfileFieldSeen.ByOneself, true,
            "empty, or the `location` whose people the deck shows, at any distance; needs the permission `any_location`"),
        new("min_distance", "int", ProfileFieldSeen.ByOneself, true,
            $"0 to {ProfileFields.FarthestKm} kilometres; nobody is shown nearer than 1"),
        new("max_distance", "int", ProfileFieldSeen.ByOneself, true,
            $"1 to {ProfileFields.FarthestKm} kilometres, not below `min_distance`"),
        new("min_age", "int", ProfileFieldSeen.ByOneself, true, Ages),
        new("max_age", "int", ProfileFieldSeen.ByOneself, true, $"{Ages}, not below `min_age`"),
        new("only_matched", "bool", ProfileFieldSeen.ByOneself, true, "only matches see more than my first avatar"),
        new("vibration", "bool", ProfileFieldSeen.ByOneself, true, "a setting kept for the app"),
        new("auto_play", "bool", ProfileFieldSeen.ByOneself, true, "a setting kept for the app"),
    ];
}

/// <summary>In whose view of a profile a field stands.</summary>
public enum ProfileFieldSeen
{
    ByAll,
    ByOneself,
    ByOthers,
}

/// <param name="Name">On the wire.</param>
/// <param name="Type">On the wire.</param>
/// <param name="Seen">By whom.</param>
/// <param name="MayBeChanged">By `update_profile`.</param>
/// <param name="Meaning">And bounds.</param>
public sealed record ProfileFieldDescription(string Name, string Type, ProfileFieldSeen Seen, bool MayBeChanged, string Meaning);
