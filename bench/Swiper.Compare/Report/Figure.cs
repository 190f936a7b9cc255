using System.Globalization;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Report;

/// <summary>Formats figures.</summary>
internal static class Figure
{
    public static string Of(double figure) => figure.ToString(figure >= 1000 ? "#,0" : "0.##", CultureInfo.InvariantCulture);

    public static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The median of a value over all readings; empty without readings.</summary>
    public static string MedianOf(IReadOnlyList<Reading> readings, Func<Reading, double> figure, Func<double, string>? write = null) =>
        readings.Count == 0 ? "" : (write ?? Of)(Rounds.Median([.. readings.Select(figure)]));
}
