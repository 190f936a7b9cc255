using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>
/// What decks need to know of a user. <paramref name="Birthday"/> is a <see cref="DateOnly.DayNumber"/>, 0 where it is unknown;
/// <paramref name="Location"/> is a number of <see cref="LocationTexts"/>.
/// </summary>
internal readonly record struct Person(Sex Sex, int Birthday, GridPlace Place, int Location)
{
    /// <summary>Whether anybody can be shown this person: only who has told sex and birthday is on decks.</summary>
    public bool CanBeShown => Sex != Sex.Unknown && Birthday != 0;

    /// <summary>Whether those who look for that sex can be shown this person, near or far, young or old.</summary>
    public bool CanBeShownTo(Sex datingSex) => CanBeShown && Sex == datingSex;

    public static Person Of(Profile profile, LocationTexts locations) =>
        Of(profile.Sex, profile.Birthday?.DayNumber ?? 0, profile.Place, profile.Location, locations);

    /// <summary>The place is blurred here, before it reaches any index.</summary>
    public static Person Of(Sex sex, int birthday, Place? place, string location, LocationTexts locations) => new(
        sex, birthday, place is { } exact ? GridPlace.Snap(new GeoPoint(exact.Lat, exact.Lon)) : default, locations.Intern(location));
}
