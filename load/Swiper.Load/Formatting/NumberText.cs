using System.Globalization;

namespace Swiper.Load.Formatting;

/// <summary>Counts, rates and shares as people read them.</summary>
internal static class NumberText
{
    /// <summary>With thousands set apart, and a decimal where it is less than ten.</summary>
    public static string Of(double value) => value switch
    {
        _ when !double.IsFinite(value) => "–",
        > -9.95 and < 9.95 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("#,0", CultureInfo.InvariantCulture),
    };

    /// <summary>With thousands set apart, and as many as three decimals.</summary>
    public static string Exact(double value) => double.IsFinite(value) ? value.ToString("#,0.###", CultureInfo.InvariantCulture) : "–";

    /// <summary>Short, for axes: <c>250 k</c>, <c>1.5 M</c>.</summary>
    public static string Compact(double value) => value switch
    {
        >= 1e9 => $"{Of(value / 1e9)} G",
        >= 1e6 => $"{Of(value / 1e6)} M",
        >= 1e3 => $"{Of(value / 1e3)} k",
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>A part of a whole in percent. What is not zero never reads as zero, and what is not all never as all.</summary>
    public static string Share(double part, double whole) => (whole > 0 ? 100 * part / whole : 0) switch
    {
        > 0 and < 0.01 => "< 0.01 %",
        > 99.99 and < 100 => "> 99.99 %",
        var percent => $"{percent.ToString("0.##", CultureInfo.InvariantCulture)} %",
    };
}
