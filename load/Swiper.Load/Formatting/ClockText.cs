using System.Globalization;

namespace Swiper.Load.Formatting;

/// <summary>Seconds of a run as a clock shows them: <c>0:07</c>, <c>1:02:03</c>.</summary>
internal static class ClockText
{
    public static string Of(double seconds)
    {
        var whole = TimeSpan.FromSeconds(Math.Round(seconds));
        return whole.TotalHours < 1
            ? whole.ToString(@"m\:ss", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{(int)whole.TotalHours}:{whole:mm\\:ss}");
    }
}
