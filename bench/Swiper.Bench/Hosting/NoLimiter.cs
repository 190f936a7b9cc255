using Swiper.Core.Dispatch;

namespace Swiper.Bench.Hosting;

/// <summary>Lets everything pass.</summary>
internal sealed class NoLimiter : IRequestLimiter
{
    public bool HasRoom(string address, RateLimit limit, out TimeSpan retryAfter) => TryAcquire(address, limit, out retryAfter);

    public bool TryAcquire(string address, RateLimit limit, out TimeSpan retryAfter)
    {
        retryAfter = default;
        return true;
    }
}
