namespace Swiper.Core.Accounts;

/// <summary>The fields of the profile map, for documents and clients. A test compares it with what is written and read.</summary>
public static class ProfileFieldList
{
    private const string NilUntilTold = "nil until set; then it may be changed but not removed. Until set, the user is on nobody's deck";

    public static readonly IReadOnlyList<ProfileFieldDescription> All =
    [
        new("uid", typeof(long), ProfileFieldSeen.ByAll, false, "the user"),
        new("nickname", typeof(string), ProfileFieldSeen.ByAll, true,
            "at least one visible character, no control characters and none that change text direction; surrounding white space is "
            + "removed. A new user gets the last six digits of the uid")
        { MinBytes = 1, MaxBytes = ProfileFields.MaxNicknameBytes },
        new("sex", typeof(Sex?), ProfileFieldSeen.ByAll, true, NilUntilTold),
        new("age", typeof(int?), ProfileFieldSeen.ByOthers, false,
            "whole years, nil if the birthday is not set; someone born on 29 February has their birthday on 1 March in common "
            + "years"),
        new("location", typeof(string), ProfileFieldSeen.ByAll, true,
            "where the user says they are from: empty, or text under the rules of a nickname")
        { MaxBytes = ProfileFields.MaxLocationBytes },
        new("avatars", typeof(IReadOnlyList<string>), ProfileFieldSeen.ByAll, true,
            "if `only_matched` is set, strangers see only the first")
        { MaxCount = Profile.MaxAvatars, MaxBytes = ProfileFields.MaxAvatarBytes },
        new("vip_level", typeof(int), ProfileFieldSeen.ByAll, false, "the VIP level; 0 without one, also once it has ended")
        { Min = 0, Max = 3 },
        new("vip_end", typeof(DateTimeOffset), ProfileFieldSeen.ByAll, false, "when the VIP level ends; 0 without one"),
        new("phone", typeof(string), ProfileFieldSeen.ByOneself, false, "masked"),
        new("birthday", typeof(DateOnly?), ProfileFieldSeen.ByOneself, true,
            $"an age of {ProfileFields.YoungestAge} to {ProfileFields.OldestAge}; {NilUntilTold}"),
        new("lat", typeof(double?), ProfileFieldSeen.ByOneself, true,
            "degrees north, only together with `lon`; nil for both removes the place. Without a place the user's own deck is not limited "
            + "by distance, and decks that are do not show the user")
        { Min = -ProfileFields.MaxLat, Max = ProfileFields.MaxLat, MayBeRemoved = true },
        new("lon", typeof(double?), ProfileFieldSeen.ByOneself, true, "degrees east, only together with `lat`")
        { Min = -ProfileFields.MaxLon, Max = ProfileFields.MaxLon, MayBeRemoved = true },
        new("dating_sex", typeof(Sex), ProfileFieldSeen.ByOneself, true, "the sex that the deck shows"),
        new("dating_location", typeof(string), ProfileFieldSeen.ByOneself, true,
            "empty, or the `location` whose people the deck shows, at any distance. Another than the user's own requires the "
            + "permission `any_location`: without it none can be set, and one that was set before has no effect")
        { MaxBytes = ProfileFields.MaxLocationBytes },
        new("min_distance", typeof(int), ProfileFieldSeen.ByOneself, true, "kilometres; nobody is shown nearer than 1")
        { Min = 0, Max = ProfileFields.FarthestKm },
        new("max_distance", typeof(int), ProfileFieldSeen.ByOneself, true, "kilometres; not below `min_distance`")
        { Min = 1, Max = ProfileFields.FarthestKm },
        new("min_age", typeof(int), ProfileFieldSeen.ByOneself, true, "the youngest people that the deck shows")
        { Min = ProfileFields.YoungestAge, Max = ProfileFields.OldestAge },
        new("max_age", typeof(int), ProfileFieldSeen.ByOneself, true, "the oldest people that the deck shows; not below `min_age`")
        { Min = ProfileFields.YoungestAge, Max = ProfileFields.OldestAge },
        new("only_matched", typeof(bool), ProfileFieldSeen.ByOneself, true, "only matches see more than the first avatar"),
        new("vibration", typeof(bool), ProfileFieldSeen.ByOneself, true, "an app setting; the server only stores it"),
        new("auto_play", typeof(bool), ProfileFieldSeen.ByOneself, true, "an app setting; the server only stores it"),
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
/// <param name="Type">The type of its values; nil stands for null.</param>
/// <param name="Seen">Who sees it.</param>
/// <param name="MayBeChanged">Whether `update_profile` can change it, within the bounds below.</param>
/// <param name="Meaning">Its meaning.</param>
public sealed record ProfileFieldDescription(string Name, Type Type, ProfileFieldSeen Seen, bool MayBeChanged, string Meaning)
{
    /// <summary>Whether `update_profile` takes nil for it.</summary>
    public bool MayBeRemoved { get; init; }

    /// <summary>The bounds of a number; null if there are none.</summary>
    public long? Min { get; init; }

    public long? Max { get; init; }

    /// <summary>The bounds of a string, or of each string in a list, in bytes of UTF-8.</summary>
    public int? MinBytes { get; init; }

    public int? MaxBytes { get; init; }

    /// <summary>Maximum number of elements of a list.</summary>
    public int? MaxCount { get; init; }
}
