namespace Swiper.Core.Accounts;

/// <summary>
/// Ages in whole years. A person born on 29 February has their birthday on 1 March in common years.
/// </summary>
public static class Age
{
    /// <summary>The latest birthday that gives this age on a day; the calendar's first day if it would be earlier.</summary>
    public static DateOnly LatestBirthday(int years, DateOnly on) =>
        // 29 February maps to 28 February of a common year, and 28 February never to a 29th, which both follow the rule.
        years < on.Year ? on.AddYears(-years) : DateOnly.MinValue;

    /// <summary>The age of a person on a day.</summary>
    public static int Of(DateOnly birthday, DateOnly on)
    {
        var years = on.Year - birthday.Year;
        return birthday <= LatestBirthday(years, on) ? years : years - 1;
    }
}
