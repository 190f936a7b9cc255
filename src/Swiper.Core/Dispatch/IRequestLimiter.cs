namespace Swiper.Core.Dispatch;

/// <summary>Decides whether an address may make one more request of a limited kind.</summary>
public interface IRequestLimiter
{
    /// <param name="address">The client's address; one per subscriber, not per socket.</param>
    /// <param name="limit">Never <see cref="RateLimit.None"/>.</param>
    /// <param name="retryAfter">Where refused: how long to wait.</param>
    bool TryAcquire(string address, RateLimit limit, out TimeSpan retryAfter);
}
