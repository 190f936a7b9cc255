namespace Swiper.Core.Accounts;

/// <summary>A user as stored. Immutable: a change creates a new one.</summary>
public sealed record Profile
{
    public const int MaxAvatars = 6;

    public required long Uid { get; init; }

    public required string Phone { get; init; }

    public required long Created { get; init; }

    public string Nickname { get; init; } = "";

    public Sex Sex { get; init; } = Sex.Unknown;

    /// <summary>Null until set. Users without sex or birthday are on nobody's deck.</summary>
    public DateOnly? Birthday { get; init; }

    /// <summary>Where the user says they are from, as text.</summary>
    public string Location { get; init; } = "";

    /// <summary>The exact place; only the user ever sees it.</summary>
    public Place? Place { get; init; }

    public IReadOnlyList<string> Avatars { get; init; } = [];

    public int VipLevel { get; init; }

    /// <summary>When the VIP level ends; 0 without one.</summary>
    public long VipEnd { get; init; }

    /// <summary>Never <see cref="Sex.Unknown"/>.</summary>
    public Sex DatingSex { get; init; } = Sex.Male;

    /// <summary>Empty, or the location whose people the deck shows, wherever the user is.</summary>
    public string DatingLocation { get; init; } = "";

    public int MinDistance { get; init; } = 1;

    public int MaxDistance { get; init; } = 10;

    public int MinAge { get; init; } = 18;

    public int MaxAge { get; init; } = 50;

    /// <summary>Only matches see more than the first avatar.</summary>
    public bool OnlyMatched { get; init; }

    public bool Vibration { get; init; } = true;

    public bool AutoPlay { get; init; } = true;

    /// <summary>The profile that the first login of a phone number creates.</summary>
    public static Profile New(long uid, string phone, long now) => new()
    {
        Uid = uid,
        Phone = phone,
        Created = now,
        Nickname = $"user{uid % 1_000_000:D6}",
    };

    /// <summary>The profile at a time: without a VIP level that has ended by then.</summary>
    public Profile At(long now) => VipLevel == 0 || VipEnd > now ? this : this with { VipLevel = 0, VipEnd = 0 };

    /// <summary>The age on a day; null if the birthday is not set.</summary>
    public int? AgeOn(DateOnly day) => Birthday is { } birthday ? Age.Of(birthday, day) : null;
}

/// <summary>Degrees north and east.</summary>
public readonly record struct Place(double Lat, double Lon);
