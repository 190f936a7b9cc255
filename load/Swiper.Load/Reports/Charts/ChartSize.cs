namespace Swiper.Load.Reports.Charts;

/// <summary>A drawing's size in its own units: pixels when shown unscaled.</summary>
internal sealed record ChartSize(string Style, int Width, int Height, int Left, int XTicks, int YTicks)
{
    public const int Top = 12;
    public const int Right = 16;
    public const int Bottom = 30;

    /// <summary>For screens and paper.</summary>
    public static ChartSize Wide { get; } = new("wide", 960, 300, 68, 12, 7);

    /// <summary>For phones, where the text of the wide one would be too small to read.</summary>
    public static ChartSize Narrow { get; } = new("narrow", 400, 260, 58, 5, 5);

    public int PlotWidth => Width - Left - Right;

    public int PlotHeight => Height - Top - Bottom;
}
