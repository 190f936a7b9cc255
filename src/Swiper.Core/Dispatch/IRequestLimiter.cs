namespace Swiper.Core.Dispatch;

/// <summary>Limits the requests of each address, and more those of its connections that have failed often.</summary>
public interface IRequestLimiter
{
    /// <summary>Whether <see cref="TryAcquire"/> would succeed now. Nothing is counted.</summary>
    /// <param name="session">The connection: its address, and what it has tried before.</param>
    /// <param name="limit">Never <see cref="RateLimit.None"/>.</param>
    /// <param name="retryAfter">Where there is none: how long to wait.</param>
    bool HasRoom(Session session, RateLimit limit, out TimeSpan retryAfter);

    /// <summary>Counts one more request, unless that would exceed the limit.</summary>
    /// <param name="session">The connection: its address, and what it has tried before.</param>
    /// <param name="limit">Never <see cref="RateLimit.None"/>.</param>
    /// <param name="retryAfter">Where refused: how long to wait.</param>
    bool TryAcquire(Session session, RateLimit limit, out TimeSpan retryAfter);

    /// <summary>By a login with the right code: somebody at the session's address reads the messages that it causes.</summary>
    void NoteCodeUsed(Session session);
}
