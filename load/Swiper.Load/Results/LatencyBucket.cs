namespace Swiper.Load.Results;

/// <summary>Replies that took at most <paramref name="UpTo"/> microseconds and longer than the previous bucket.</summary>
public readonly record struct LatencyBucket(double UpTo, long Count);
