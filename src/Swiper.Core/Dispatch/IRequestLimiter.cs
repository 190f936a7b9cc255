namespace Swiper.Core.Dispatch;

/// <summary>Limits the requests of each address.</summary>
public interface IRequestLimiter
{
    /// <summary>Whether <see cref="TryAcquire"/> would succeed now. Nothing is counted.</summary>
    /// <param name="address">The client's address; one per subscriber, not per socket.</param>
    /// <param name="limit">Never <see cref="RateLimit.None"/>.</param>
    /// <param name="retryAfter">Where there is none: how long to wait.</param>
    bool HasRoom(string address, RateLimit limit, out TimeSpan retryAfter);

    /// <summary>Counts one more request, unless that would exceed the limit.</summary>
    /// <param name="address">The client's address; one per subscriber, not per socket.</param>
    /// <param name="limit">Never <see cref="RateLimit.None"/>.</param>
    /// <param name="retryAfter">Where refused: how long to wait.</param>
    bool TryAcquire(string address, RateLimit limit, out TimeSpan retryAfter);
}
