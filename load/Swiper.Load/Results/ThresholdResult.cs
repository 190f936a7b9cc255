namespace Swiper.Load.Results;

/// <summary>A bound that the profile sets, such as <c>p99 &lt;= 50 ms</c>, and what the run had.</summary>
public sealed record ThresholdResult(string Rule, string Actual, bool Met);
