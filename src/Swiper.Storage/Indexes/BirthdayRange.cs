using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>Birthdays from one day number to another, both included.</summary>
internal readonly record struct BirthdayRange(int First, int Last)
{
    /// <summary>Whoever is of an age within both, in whole years, on that day.</summary>
    public static BirthdayRange OfAges(int youngest, int oldest, DateOnly today) =>
        new(Age.LatestBirthday(oldest + 1, today).DayNumber + 1, Age.LatestBirthday(youngest, today).DayNumber);

    public bool Contains(int birthday) => birthday >= First && birthday <= Last;
}
