namespace Swiper.Load.Reports.Charts;

/// <summary>The tooltip of a stretch of a chart's x axis.</summary>
internal readonly record struct Hover(double From, double To, string Text);
