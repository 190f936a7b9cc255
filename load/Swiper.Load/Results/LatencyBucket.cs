namespace Swiper.Load.Results;

/// <summary>Replies that took up to <paramref name="UpTo"/> microseconds, and more than the bucket before allows.</summary>
public readonly record struct LatencyBucket(double UpTo, long Count);
