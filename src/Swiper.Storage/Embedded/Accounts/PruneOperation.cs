using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Accounts;

/// <summary>
/// Deletes what a shard need no longer keep: revocations of expired tokens, and old login codes with their phone numbers.
/// </summary>
internal sealed class PruneOperation : PooledLaneOperation<PruneOperation, ShardWriter, NoData>
{
    private long _now;

    public static PruneOperation Rent(long now)
    {
        var operation = RentInstance();
        operation._now = now;
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        writer.PruneRevoked.Bind(1, _now);
        writer.PruneRevoked.Run();
        // A row this far in the future was written by a clock that has since been corrected.
        var codesKept = (long)CodeRules.KeptFor.TotalMilliseconds;
        writer.PruneCodes.Bind(1, _now - codesKept);
        writer.PruneCodes.Bind(2, _now + codesKept);
        writer.PruneCodes.Run();
    }

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        return true;
    }
}
