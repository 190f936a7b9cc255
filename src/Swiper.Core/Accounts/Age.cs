namespace Swiper.Core.Accounts;

/// <summary>
/// The one rule of ages, in whole years. Whoever was born on 29 February has their birthday on 1 March in common years.
/// </summary>
public static class Age
{
    /// <summary>The last day to be born on for being that old on a day; the calendar's first day where it does not reach so far.</summary>
    public static DateOnly LatestBirthday(int years, DateOnly on) =>
        // From 29 February this leads to 28 February of a common year, and from 28 February never to a 29th: both as the rule has it.
        years < on.Year ? on.AddYears(-years) : DateOnly.MinValue;

    /// <summary>How old somebody is on a day.</summary>
    public static int Of(DateOnly birthday, DateOnly on)
    {
        var years = on.Year - birthday.Year;
        return birthday <= LatestBirthday(years, on) ? years : years - 1;
    }
}
