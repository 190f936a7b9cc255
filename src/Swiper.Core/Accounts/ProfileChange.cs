using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>New values for some fields of one's own profile; null leaves a field as it is.</summary>
public sealed record ProfileChange
{
    public string? Nickname { get; init; }

    public Sex? Sex { get; init; }

    public DateOnly? Birthday { get; init; }

    public string? Location { get; init; }

    /// <summary>Degrees north; only together with <see cref="Lon"/>.</summary>
    public double? Lat { get; init; }

    /// <summary>Degrees east; only together with <see cref="Lat"/>.</summary>
    public double? Lon { get; init; }

    /// <summary>Removes the place: on the wire both <see cref="Lat"/> and <see cref="Lon"/> are nil.</summary>
    public bool RemovePlace { get; init; }

    public IReadOnlyList<string>? Avatars { get; init; }

    public Sex? DatingSex { get; init; }

    public string? DatingLocation { get; init; }

    public int? MinDistance { get; init; }

    public int? MaxDistance { get; init; }

    public int? MinAge { get; init; }

    public int? MaxAge { get; init; }

    public bool? OnlyMatched { get; init; }

    public bool? Vibration { get; init; }

    public bool? AutoPlay { get; init; }

    /// <summary>The profile after the change, or the first invalid field, by name.</summary>
    public Outcome<Profile> ApplyTo(Profile profile, DateOnly today)
    {
        if (Lat.HasValue != Lon.HasValue || RemovePlace && Lat.HasValue)
            return Bad("lat", ProfileFields.HalfAPlace);
        var changed = profile with
        {
            Nickname = Nickname ?? profile.Nickname,
            Sex = Sex ?? profile.Sex,
            Birthday = Birthday ?? profile.Birthday,
            Location = Location ?? profile.Location,
            Place = RemovePlace ? null : Lat is { } lat && Lon is { } lon ? new Place(lat, lon) : profile.Place,
            Avatars = Avatars ?? profile.Avatars,
            DatingSex = DatingSex ?? profile.DatingSex,
            DatingLocation = DatingLocation ?? profile.DatingLocation,
            MinDistance = MinDistance ?? profile.MinDistance,
            MaxDistance = MaxDistance ?? profile.MaxDistance,
            MinAge = MinAge ?? profile.MinAge,
            MaxAge = MaxAge ?? profile.MaxAge,
            OnlyMatched = OnlyMatched ?? profile.OnlyMatched,
            Vibration = Vibration ?? profile.Vibration,
            AutoPlay = AutoPlay ?? profile.AutoPlay,
        };

        if (Birthday is not null && changed.AgeOn(today) is < ProfileFields.YoungestAge or > ProfileFields.OldestAge)
            return Bad("birthday", $"age must be {ProfileFields.YoungestAge} to {ProfileFields.OldestAge}");
        if (changed.MaxDistance < changed.MinDistance)
            return Bad("max_distance", "below min_distance");
        if (changed.MaxAge < changed.MinAge)
            return Bad("max_age", "below min_age");
        return changed;
    }

    private static Failure Bad(string field, string problem) => new(StatusCode.BadParams, $"{field}: {problem}");
}
