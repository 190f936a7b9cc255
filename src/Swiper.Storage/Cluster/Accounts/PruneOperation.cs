using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>
/// Deletes what a shard need no longer keep: revocations of expired tokens, old login codes with their phone numbers, and events that
/// every host has read. Deletes a bounded number at a time, so as not to hold up the lane, and reports whether more is left.
/// </summary>
internal sealed class PruneOperation : PooledLaneOperation<PruneOperation, ShardWriter, NoData>
{
    private const int EventsATime = 5000;

    // Hosts whose clocks differ by less than this miss no events.
    private static readonly TimeSpan EventsKept = TimeSpan.FromHours(1);

    private ClusterShard _shard = null!;
    private long _now;
    private bool _isMoreLeft;

    public static PruneOperation Rent(ClusterShard shard, long now)
    {
        var operation = RentInstance();
        (operation._shard, operation._now) = (shard, now);
        operation.Forget();
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        // A row this far in the future was written by a clock that has since been corrected.
        var codesKept = (long)CodeRules.KeptFor.TotalMilliseconds;
        writer.Connection.Execute("DELETE FROM revoked WHERE expires <= @p0 ORDER BY token LIMIT 1000", _now);
        writer.Connection.Execute(
            "DELETE FROM codes WHERE sent_at < @p0 OR sent_at > @p1 ORDER BY phone LIMIT 1000",
            _now - codesKept,
            _now + codesKept);
        _isMoreLeft = writer.Connection.Execute(
            $"DELETE FROM events WHERE at < @p0 ORDER BY id LIMIT {EventsATime}",
            _now - (long)EventsKept.TotalMilliseconds) == EventsATime;
    }

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        if (_isMoreLeft)
            _shard.Lane.Enqueue(Rent(_shard, _now));
        return true;
    }

    protected override void Clear() => _shard = null!;
}
