namespace Swiper.Core.Accounts;

/// <summary>The fields of the profile map, for docs/PROTOCOL.md. A test compares it with what is written and read.</summary>
public static class ProfileFieldList
{
    public static readonly IReadOnlyList<ProfileFieldDescription> All =
    [
        new("uid", "int", ProfileFieldSeen.ByAll, false, "who"),
        new("nickname", "str", ProfileFieldSeen.ByAll, true, "1 to 64 bytes"),
        new("sex", "str or nil", ProfileFieldSeen.ByAll, true, "\"F\" or \"M\"; nil until it is told"),
        new("age", "int or nil", ProfileFieldSeen.ByOthers, false, "whole years; nil where the birthday is not known"),
        new("location", "str", ProfileFieldSeen.ByAll, true, "at most 64 bytes, as the user says it"),
        new("avatars", "array of str", ProfileFieldSeen.ByAll, true, "at most 6, each at most 512 bytes; of those who set `only_matched`, strangers see the first"),
        new("vip_level", "int", ProfileFieldSeen.ByAll, false, "0 to 3"),
        new("vip_end", "int", ProfileFieldSeen.ByAll, false, "when it ends; 0 without one"),
        new("phone", "str", ProfileFieldSeen.ByOneself, false, "masked"),
        new("birthday", "str or nil", ProfileFieldSeen.ByOneself, true, "\"YYYY-MM-DD\", an age of 18 to 120"),
        new("lat", "float or nil", ProfileFieldSeen.ByOneself, true, "degrees north; only together with `lon`"),
        new("lon", "float or nil", ProfileFieldSeen.ByOneself, true, "degrees east"),
        new("dating_sex", "str", ProfileFieldSeen.ByOneself, true, "whom the deck shows"),
        new("dating_location", "str", ProfileFieldSeen.ByOneself, true, "not empty: the deck shows people of this `location`, at any distance"),
        new("min_distance", "int", ProfileFieldSeen.ByOneself, true, "kilometres"),
        new("max_distance", "int", ProfileFieldSeen.ByOneself, true, "kilometres, not below `min_distance`"),
        new("min_age", "int", ProfileFieldSeen.ByOneself, true, "18 to 120"),
        new("max_age", "int", ProfileFieldSeen.ByOneself, true, "18 to 120, not below `min_age`"),
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
