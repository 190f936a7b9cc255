using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Accounts;

/// <summary>Revokes a token, in its user's shard.</summary>
internal sealed class RevokeOperation : PooledLaneOperation<RevokeOperation, ShardWriter, NoData>
{
    private EmbeddedEngine _engine = null!;
    private long _uid;
    private long _tokenId;
    private long _expires;

    public static RevokeOperation Rent(EmbeddedEngine engine, long uid, long tokenId, long expires)
    {
        var operation = RentInstance();
        (operation._engine, operation._uid, operation._tokenId, operation._expires) = (engine, uid, tokenId, expires);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        writer.InsertRevoked.Bind(1, _tokenId);
        writer.InsertRevoked.Bind(2, _uid);
        writer.InsertRevoked.Bind(3, _expires);
        writer.InsertRevoked.Run();
    }

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        _engine.Revoked[_tokenId] = _expires;
        return true;
    }

    protected override void Clear() => _engine = null!;
}
