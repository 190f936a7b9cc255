using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>
/// What decks need to know of a user. <paramref name="Birthday"/> is a <see cref="DateOnly.DayNumber"/>, 0 if unknown;
/// <paramref name="Location"/> is a number of <see cref="LocationTexts"/>.
/// </summary>
internal readonly record struct Person(Sex Sex, int Birthday, GridPlace Place, int Location)
{
    /// <summary>Whether reports or staff have taken this person out of decks.</summary>
    public bool IsOut { get; init; }

    /// <summary>Whether this person can be on decks: only with a known sex and birthday.</summary>
    public bool CanBeShown => Sex != Sex.Unknown && Birthday != 0 && !IsOut;

    /// <summary>Whether this person can be shown to those who look for that sex, whatever the distance and age.</summary>
    public bool CanBeShownTo(Sex datingSex) => CanBeShown && Sex == datingSex;

    public static Person Of(Profile profile, LocationTexts locations) =>
        Of(profile.Sex, profile.Birthday?.DayNumber ?? 0, profile.Place, profile.Location, locations);

    /// <summary>
    /// The place is coarsened here, before it reaches any index. The person has the location text from here on: whoever doesn't keep the
    /// person releases it.
    /// </summary>
    public static Person Of(Sex sex, int birthday, Place? place, string location, LocationTexts locations) => new(
        sex, birthday, place is { } exact ? GridPlace.Snap(new GeoPoint(exact.Lat, exact.Lon)) : default, locations.Acquire(location));
}
