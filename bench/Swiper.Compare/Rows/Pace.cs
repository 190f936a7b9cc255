namespace Swiper.Compare.Rows;

/// <summary>The length of one reading: a warm-up, then the measured part.</summary>
internal readonly record struct Pace(TimeSpan WarmUp, TimeSpan Window);
