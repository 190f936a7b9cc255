using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>
/// Deletes what a shard need not keep any longer: revocations of tokens that have ended, old login codes with their phone numbers, and
/// events that every host has read. A bounded number at a time: the lane has other things to do.
/// </summary>
internal sealed class PruneOperation : PooledLaneOperation<PruneOperation, ShardWriter, NoData>
{
    private static readonly TimeSpan EventsKept = TimeSpan.FromMinutes(10);

    private long _now;

    public static PruneOperation Rent(long now)
    {
        var operation = RentInstance();
        operation._now = now;
        operation.Forget();
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        writer.Connection.Execute("DELETE FROM revoked WHERE expires <= @p0 ORDER BY token LIMIT 1000", _now);
        writer.Connection.Execute(
            "DELETE FROM codes WHERE sent_at < @p0 AND locked_until < @p1 ORDER BY phone LIMIT 1000", _now - (long)CodeRules.TriesKept.TotalMilliseconds, _now);
        writer.Connection.Execute("DELETE FROM events WHERE at < @p0 ORDER BY id LIMIT 5000", _now - (long)EventsKept.TotalMilliseconds);
    }

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        return true;
    }
}
