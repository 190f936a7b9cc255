using System.Threading.RateLimiting;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Limits;

/// <summary>Token buckets, one an address and kind of request; those of addresses that have gone quiet are dropped.</summary>
internal sealed class AddressLimiter : IRequestLimiter, IDisposable
{
    private readonly bool _lifted;
    private readonly PartitionedRateLimiter<string> _codes;
    private readonly PartitionedRateLimiter<string> _signIns;

    public AddressLimiter(AccountOptions options)
    {
        _lifted = options.LiftRateLimits;
        _codes = Buckets(options.CodesPerAddressPerHour, TimeSpan.FromHours(1));
        _signIns = Buckets(options.SignInsPerAddressPerMinute, TimeSpan.FromMinutes(1));
    }

    public bool HasRoom(string address, RateLimit limit, out TimeSpan retryAfter) => TryAcquire(address, limit, 0, out retryAfter);

    public bool TryAcquire(string address, RateLimit limit, out TimeSpan retryAfter) => TryAcquire(address, limit, 1, out retryAfter);

    public void Dispose()
    {
        _codes.Dispose();
        _signIns.Dispose();
    }

    // None at all is granted where one would be.
    private bool TryAcquire(string address, RateLimit limit, int permits, out TimeSpan retryAfter)
    {
        retryAfter = default;
        if (_lifted)
            return true;
        using var lease = (limit == RateLimit.SendCode ? _codes : _signIns).AttemptAcquire(address, permits);
        if (!lease.IsAcquired && !lease.TryGetMetadata(MetadataName.RetryAfter, out retryAfter))
            retryAfter = TimeSpan.FromMinutes(1);
        return lease.IsAcquired;
    }

    // The bucket holds what a whole period allows and is refilled one by one.
    private static PartitionedRateLimiter<string> Buckets(int permits, TimeSpan period) =>
        PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetTokenBucketLimiter(address, _ => new()
        {
            TokenLimit = permits,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = period / permits,
            QueueLimit = 0,
        }));
}
