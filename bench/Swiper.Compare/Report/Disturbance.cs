using System.Globalization;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Report;

/// <summary>CPU use of other processes during the readings.</summary>
internal static class Disturbance
{
    private const double Noticeable = 0.1;

    /// <summary>One line, with a warning if the figures are unreliable.</summary>
    public static string Of(IEnumerable<Measure> measures)
    {
        double[] others = [.. measures.SelectMany(measure => measure.Readings).Select(reading => reading.OtherCores)];
        if (others.Length == 0)
            return "";
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{Rounds.Median(others):0.00} cores in the median reading, {others.Max():0.00} in the worst");
        var disturbed = others.Count(cores => cores > Noticeable);
        return disturbed == 0 ? line : $"{line}: {disturbed} of {others.Length} readings were DISTURBED by other processes";
    }
}
