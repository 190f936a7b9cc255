using Swiper.Core.Accounts;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Reads one profile, batched with other reads that are waiting.</summary>
internal sealed class ProfileRead : PooledLaneOperation<ProfileRead, ShardReader, Profile?>
{
    private long _uid;
    private ProfileRows _rows = null!;

    public static ProfileRead Rent(long uid)
    {
        var operation = RentInstance();
        operation._uid = uid;
        return operation;
    }

    protected internal override void Execute(ShardReader reader)
    {
        _rows = reader.Profiles;
        _rows.Ask(_uid);
    }

    protected override bool TryPublish(out Profile? result)
    {
        result = _rows.Find(_uid);
        return true;
    }

    protected override void Clear() => _rows = null!;
}
