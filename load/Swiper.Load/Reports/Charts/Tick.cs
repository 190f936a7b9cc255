namespace Swiper.Load.Reports.Charts;

/// <summary>A labelled value on an axis.</summary>
internal readonly record struct Tick(double Value, string Label);
