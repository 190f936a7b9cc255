namespace Swiper.Tools.Top;

/// <summary>Numbers in a few characters, for people. What is not known is a dash.</summary>
internal static class Units
{
    private const string Unknown = "-";

    private static readonly string[] Sizes = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static string Count(double? value) => value switch
    {
        null => Unknown,
        >= 1e9 => $"{value / 1e9:0.0}G",
        >= 1e7 => $"{value / 1e6:0.0}M",
        _ => $"{value:N0}",
    };

    /// <summary>A second. What is rare is told with its fraction.</summary>
    public static string Rate(double? value) => value is > 0 and < 10 ? $"{value:0.0#}" : Count(value);

    public static string Bytes(double? value)
    {
        if (value is not { } left)
            return Unknown;
        var size = 0;
        for (; left >= 1000 && size < Sizes.Length - 1; size++)
            left /= 1024;
        return size == 0 || left >= 100 ? $"{left:0} {Sizes[size]}" : $"{left:0.0} {Sizes[size]}";
    }

    public static string Time(double? seconds) => seconds switch
    {
        null => Unknown,
        0 => "0 s",
        < 0.001 => $"{seconds * 1e6:0} us",
        < 0.1 => $"{seconds * 1e3:0.0} ms",
        < 1 => $"{seconds * 1e3:0} ms",
        < 100 => $"{seconds:0.0} s",
        _ => $"{seconds:N0} s",
    };

    public static string Percent(double? share) => share is null ? Unknown : $"{share * 100:0.#} %";
}
