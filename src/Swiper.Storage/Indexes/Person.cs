using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>
/// What decks need to know of a user. <paramref name="Birthday"/> is a <see cref="DateOnly.DayNumber"/>, 0 where it is unknown;
/// <paramref name="Location"/> is a number of <see cref="LocationTexts"/>.
/// </summary>
internal readonly record struct Person(Sex Sex, int Birthday, GridPlace Place, int Location);
