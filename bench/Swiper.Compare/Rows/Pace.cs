namespace Swiper.Compare.Rows;

/// <summary>How long one reading takes: load that is not counted, then load that is.</summary>
internal readonly record struct Pace(TimeSpan WarmUp, TimeSpan Window);
