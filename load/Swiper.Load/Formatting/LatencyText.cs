using System.Globalization;

namespace Swiper.Load.Formatting;

/// <summary>Formats microseconds with three significant digits and a suitable unit.</summary>
internal static class LatencyText
{
    private const double Millisecond = 1000;
    private const double Second = 1_000_000;
    private const double Minute = 60 * Second;
    private const double Hour = 60 * Minute;

    public static string Of(double microseconds) => microseconds switch
    {
        _ when !double.IsFinite(microseconds) => "–",
        < 999.5 => $"{Digits(microseconds)} µs",
        < 999.5 * Millisecond => $"{Digits(microseconds / Millisecond)} ms",
        < 2 * Minute => $"{Digits(microseconds / Second)} s",
        < 2 * Hour => $"{Digits(microseconds / Minute)} min",
        _ => $"{Digits(microseconds / Hour)} h",
    };

    private static string Digits(double value)
    {
        var format = value switch
        {
            < 9.995 => "0.##",
            < 99.95 => "0.#",
            _ => "#,0",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
