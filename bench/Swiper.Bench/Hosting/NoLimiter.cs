using Swiper.Core.Dispatch;

namespace Swiper.Bench.Hosting;

/// <summary>Lets everything pass.</summary>
internal sealed class NoLimiter : IRequestLimiter
{
    public bool HasRoom(Session session, RateLimit limit, out TimeSpan retryAfter) => TryAcquire(session, limit, out retryAfter);

    public bool TryAcquire(Session session, RateLimit limit, out TimeSpan retryAfter)
    {
        retryAfter = default;
        return true;
    }

    public void NoteCodeUsed(Session session)
    {
    }
}
