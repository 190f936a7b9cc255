using Swiper.Core.Accounts;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public sealed class BirthdayRangeTests
{
    [Fact]
    public void Decks_are_of_the_ages_that_profiles_show_on_every_day_of_8_years()
    {
        var firstBirthday = new DateOnly(2000, 1, 1);
        for (var today = new DateOnly(2024, 1, 1); today.Year < 2032; today = today.AddDays(1))
        {
            var ranges = Enumerable.Range(0, 40).Select(age => BirthdayRange.OfAges(age, age, today)).ToArray();
            for (var born = firstBirthday; born.Year < 2008; born = born.AddDays(1))
            {
                var age = Age.Of(born, today);
                if (!ranges[age].Contains(born.DayNumber))
                    Assert.Fail($"born on {born:O} and {age} years old on {today:O}: not on a deck of that age");
            }
            // Nobody is in two: each range begins where the one of the next younger ends.
            for (var age = 1; age < ranges.Length; age++)
                Assert.Equal(ranges[age - 1].First - 1, ranges[age].Last);
        }
    }

    [Fact]
    public void Both_ages_are_included()
    {
        var range = BirthdayRange.OfAges(18, 50, new DateOnly(2026, 7, 15));
        Assert.True(range.Contains(new DateOnly(2008, 7, 15).DayNumber));
        Assert.False(range.Contains(new DateOnly(2008, 7, 16).DayNumber));
        Assert.True(range.Contains(new DateOnly(1975, 7, 16).DayNumber));
        Assert.False(range.Contains(new DateOnly(1975, 7, 15).DayNumber));
    }

    [Fact]
    public void An_age_that_the_calendar_does_not_reach_is_no_bound() =>
        Assert.True(BirthdayRange.OfAges(0, 5_000, new DateOnly(2026, 7, 15)).Contains(1));
}
