using Swiper.Core.Dispatch;

namespace Swiper.Bench.Hosting;

/// <summary>Lets everything pass.</summary>
internal sealed class NoLimiter : IRequestLimiter
{
    public bool TryAcquire(string address, RateLimit limit, out TimeSpan retryAfter)
    {
        retryAfter = default;
        return true;
    }
}
