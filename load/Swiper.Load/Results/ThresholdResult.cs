namespace Swiper.Load.Results;

/// <summary>A threshold of the profile, such as <c>p99 &lt;= 50 ms</c>, and the measured value.</summary>
public sealed record ThresholdResult(string Rule, string Actual, bool Met);
