using Swiper.Core.Accounts;

namespace Swiper.Core.Tests.Accounts;

public sealed class AgeTests
{
    [Theory]
    [InlineData("2026-02-28", 17)]
    [InlineData("2026-03-01", 18)]
    [InlineData("2028-02-28", 19)]
    [InlineData("2028-02-29", 20)]
    public void Whoever_was_born_on_29_February_has_their_birthday_on_1_March_in_common_years(string day, int years)
    {
        var leapling = Profile.New(1, "+4915112345678", now: 0) with { Birthday = new DateOnly(2008, 2, 29) };
        Assert.Equal(years, leapling.AgeOn(DateOnly.Parse(day)));
    }

    [Theory]
    [InlineData("2026-02-28", false)]
    [InlineData("2026-03-01", true)]
    public void And_may_join_from_that_day_on(string day, bool isOldEnough)
    {
        var newcomer = Profile.New(1, "+4915112345678", now: 0);
        var change = new ProfileChange { Birthday = new DateOnly(2008, 2, 29) };
        Assert.Equal(isOldEnough, change.ApplyTo(newcomer, DateOnly.Parse(day)).IsOk);
    }

    [Fact]
    public void An_age_grows_by_one_on_each_birthday()
    {
        // Counted from the birthdays themselves: on every day of 8 years for everybody born on a day of 8 others.
        var (firstDay, days) = (new DateOnly(2024, 1, 1), 8 * 365 + 2);
        for (var born = new DateOnly(2000, 1, 1); born.Year < 2008; born = born.AddDays(1))
        {
            var years = 2023 - born.Year;
            for (var day = firstDay; day < firstDay.AddDays(days); day = day.AddDays(1))
            {
                if (day == BirthdayIn(day.Year, born))
                    years++;
                if (Age.Of(born, day) != years)
                    Assert.Fail($"born on {born:O}, {Age.Of(born, day)} rather than {years} years old on {day:O}");
            }
        }

        static DateOnly BirthdayIn(int year, DateOnly born) =>
            born is { Month: 2, Day: 29 } && !DateTime.IsLeapYear(year)
                ? new DateOnly(year, 3, 1)
                : new DateOnly(year, born.Month, born.Day);
    }
}
