using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>An inclusive range of birthdays, as day numbers.</summary>
internal readonly record struct BirthdayRange(int First, int Last)
{
    /// <summary>The birthdays of people whose age in whole years on that day is within the bounds.</summary>
    public static BirthdayRange OfAges(int youngest, int oldest, DateOnly today) =>
        new(Age.LatestBirthday(oldest + 1, today).DayNumber + 1, Age.LatestBirthday(youngest, today).DayNumber);

    public bool Contains(int birthday) => birthday >= First && birthday <= Last;
}
