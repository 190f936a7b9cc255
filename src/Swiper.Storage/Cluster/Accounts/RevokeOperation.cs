using Swiper.Core.Protocol;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Revokes a token, in its user's shard.</summary>
internal sealed class RevokeOperation : PooledLaneOperation<RevokeOperation, ShardWriter, NoData>
{
    private ClusterEngine _engine = null!;
    private long _uid;
    private long _tokenId;
    private long _expires;

    public static RevokeOperation Rent(ClusterEngine engine, long uid, long tokenId, long expires)
    {
        var operation = RentInstance();
        (operation._engine, operation._uid, operation._tokenId, operation._expires) = (engine, uid, tokenId, expires);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        writer.Connection.Execute(
            "INSERT INTO revoked (token, uid, expires) VALUES (@p0, @p1, @p2) ON DUPLICATE KEY UPDATE token = token", _tokenId, _uid,
            _expires);
        writer.Events.Add(new HostEvent(HostEventKind.Revoked, _uid, _tokenId));
    }

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        _engine.Events.Tell(new HostEvent(HostEventKind.Revoked, _uid, _tokenId));
        return true;
    }

    protected override void Clear() => _engine = null!;
}
