using System.Threading.RateLimiting;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Limits;

/// <summary>
/// Token buckets, one an address and kind of request; those of addresses that have gone quiet are dropped. Carriers put many phones behind
/// one address, so a connection that has failed often, or caused many messages, is told from its neighbours: all of those of an address
/// share a tenth of what it may, and leave the rest to the others. Messages that nobody logs in with are a quarter of those of an address
/// at most, so whoever asks on new connections again and again uses up no more.
/// </summary>
internal sealed class AddressLimiter : IRequestLimiter, IDisposable
{
    /// <summary>As many as a code has; people mistype.</summary>
    internal const int FreeFailures = 5;

    /// <summary>A person asks once, and again if the first message does not come.</summary>
    internal const int FreeCodes = 3;

    private const int ShareOfSuspects = 10;

    private const int ShareOfUnused = 4;

    private readonly bool _lifted;
    private readonly UnusedCodes _unused;
    private readonly Buckets _codes;
    private readonly Buckets _signIns;

    public AddressLimiter(AccountOptions options, TimeProvider clock)
    {
        _lifted = options.LiftRateLimits;
        _unused = new UnusedCodes(
            Math.Max(FreeCodes, options.CodesPerAddressPerHour / ShareOfUnused), TimeSpan.FromHours(1) / options.CodesPerAddressPerHour,
            clock);
        _codes = new Buckets(options.CodesPerAddressPerHour, TimeSpan.FromHours(1));
        _signIns = new Buckets(options.SignInsPerAddressPerMinute, TimeSpan.FromMinutes(1));
    }

    public bool HasRoom(Session session, RateLimit limit, out TimeSpan retryAfter) => TryAcquire(session, limit, 0, out retryAfter);

    public bool TryAcquire(Session session, RateLimit limit, out TimeSpan retryAfter) => TryAcquire(session, limit, 1, out retryAfter);

    // As many as that person may have asked for.
    public void NoteCodeUsed(Session session) => _unused.GiveBack(session.Address, FreeCodes);

    public void Dispose()
    {
        _codes.Dispose();
        _signIns.Dispose();
    }

    // None at all is granted where one would be.
    private bool TryAcquire(Session session, RateLimit limit, int permits, out TimeSpan retryAfter)
    {
        retryAfter = default;
        if (_lifted)
            return true;
        var buckets = limit == RateLimit.SendCode ? _codes : _signIns;
        var isSuspect = limit == RateLimit.SendCode ? session.CodesSent >= FreeCodes : session.FailedSignIns >= FreeFailures;
        if (isSuspect && !Acquire(buckets.OfSuspects, session.Address, permits, out retryAfter))
            return false;
        if (!isSuspect && limit == RateLimit.SendCode && !_unused.TryTake(session.Address, permits, out retryAfter))
            return false;
        return limit == RateLimit.Resume || Acquire(buckets.OfAll, session.Address, permits, out retryAfter);
    }

    private static bool Acquire(PartitionedRateLimiter<string> buckets, string address, int permits, out TimeSpan retryAfter)
    {
        retryAfter = default;
        using var lease = buckets.AttemptAcquire(address, permits);
        if (!lease.IsAcquired && !lease.TryGetMetadata(MetadataName.RetryAfter, out retryAfter))
            retryAfter = TimeSpan.FromMinutes(1);
        return lease.IsAcquired;
    }

    private sealed class Buckets(int permits, TimeSpan period) : IDisposable
    {
        public PartitionedRateLimiter<string> OfAll { get; } = Create(permits, period);

        public PartitionedRateLimiter<string> OfSuspects { get; } = Create(Math.Max(1, permits / ShareOfSuspects), period);

        public void Dispose()
        {
            OfAll.Dispose();
            OfSuspects.Dispose();
        }

        // The bucket holds what a whole period allows and is refilled one by one.
        private static PartitionedRateLimiter<string> Create(int permits, TimeSpan period) =>
            PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetTokenBucketLimiter(address, _ => new()
            {
                TokenLimit = permits,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = period / permits,
                QueueLimit = 0,
            }));
    }
}
