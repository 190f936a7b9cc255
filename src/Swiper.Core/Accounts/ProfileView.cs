namespace Swiper.Core.Accounts;

/// <summary>
/// A profile as a user may see it: the map of fields on the wire. Other users' profiles have an age but no birthday, phone, place or
/// preferences.
/// </summary>
public sealed record ProfileView
{
    public long Uid { get; init; }

    public string Nickname { get; init; } = "";

    public Sex Sex { get; init; } = Sex.Unknown;

    /// <summary>Of other users, if known.</summary>
    public int? Age { get; init; }

    public string Location { get; init; } = "";

    public IReadOnlyList<string> Avatars { get; init; } = [];

    public int VipLevel { get; init; }

    public long VipEnd { get; init; }

    /// <summary>Fields only the user sees; null in the view of others.</summary>
    public OwnFields? Own { get; init; }

    public static ProfileView OfOneself(Profile profile) => new()
    {
        Uid = profile.Uid,
        Nickname = profile.Nickname,
        Sex = profile.Sex,
        Location = profile.Location,
        Avatars = profile.Avatars,
        VipLevel = profile.VipLevel,
        VipEnd = profile.VipEnd,
        Own = new OwnFields
        {
            Phone = Accounts.Phone.Mask(profile.Phone),
            Birthday = profile.Birthday,
            Place = profile.Place,
            DatingSex = profile.DatingSex,
            DatingLocation = profile.DatingLocation,
            MinDistance = profile.MinDistance,
            MaxDistance = profile.MaxDistance,
            MinAge = profile.MinAge,
            MaxAge = profile.MaxAge,
            OnlyMatched = profile.OnlyMatched,
            Vibration = profile.Vibration,
            AutoPlay = profile.AutoPlay,
        },
    };

    public static ProfileView OfOther(Profile profile, DateOnly today, bool matched) => new()
    {
        Uid = profile.Uid,
        Nickname = profile.Nickname,
        Sex = profile.Sex,
        Age = profile.AgeOn(today),
        Location = profile.Location,
        Avatars = VisibleAvatars(profile, matched),
        VipLevel = profile.VipLevel,
        VipEnd = profile.VipEnd,
    };

    /// <summary>If the user wishes so, strangers see only the first avatar.</summary>
    public static IReadOnlyList<string> VisibleAvatars(Profile profile, bool matched) =>
        profile.OnlyMatched && !matched && profile.Avatars.Count > 1 ? [profile.Avatars[0]] : profile.Avatars;

    /// <summary>Fields that only the user's own map has.</summary>
    public sealed record OwnFields
    {
        /// <summary>Masked.</summary>
        public string Phone { get; init; } = "";

        public DateOnly? Birthday { get; init; }

        public Place? Place { get; init; }

        public Sex DatingSex { get; init; }

        public string DatingLocation { get; init; } = "";

        public int MinDistance { get; init; }

        public int MaxDistance { get; init; }

        public int MinAge { get; init; }

        public int MaxAge { get; init; }

        public bool OnlyMatched { get; init; }

        public bool Vibration { get; init; }

        public bool AutoPlay { get; init; }
    }
}
