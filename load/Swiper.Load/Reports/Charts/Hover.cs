namespace Swiper.Load.Reports.Charts;

/// <summary>What a chart tells of a stretch of its x axis to whoever points there.</summary>
internal readonly record struct Hover(double From, double To, string Text);
