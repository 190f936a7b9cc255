using System.Globalization;

namespace Swiper.Load.Formatting;

/// <summary>Formats counts, rates and shares for people.</summary>
internal static class NumberText
{
    /// <summary>With thousands separators, and one decimal below ten.</summary>
    public static string Of(double value) => value switch
    {
        _ when !double.IsFinite(value) => "–",
        > -9.95 and < 9.95 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("#,0", CultureInfo.InvariantCulture),
    };

    /// <summary>With thousands separators and up to three decimals.</summary>
    public static string Exact(double value) => double.IsFinite(value) ? value.ToString("#,0.###", CultureInfo.InvariantCulture) : "–";

    /// <summary>Short, for axes: <c>250 k</c>, <c>1.5 M</c>.</summary>
    public static string Compact(double value) => value switch
    {
        >= 1e9 => $"{Of(value / 1e9)} G",
        >= 1e6 => $"{Of(value / 1e6)} M",
        >= 1e3 => $"{Of(value / 1e3)} k",
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>A share in percent, never rounded to zero or to all.</summary>
    public static string Share(double part, double whole) => (whole > 0 ? 100 * part / whole : 0) switch
    {
        > 0 and < 0.01 => "< 0.01 %",
        > 99.99 and < 100 => "> 99.99 %",
        var percent => $"{percent.ToString("0.##", CultureInfo.InvariantCulture)} %",
    };
}
