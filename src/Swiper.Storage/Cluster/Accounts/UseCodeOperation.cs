using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Consumes a login code and returns the uid of the number, in the shard of the number; a new number gets a new uid.</summary>
internal sealed class UseCodeOperation : PooledLaneOperation<UseCodeOperation, ShardWriter, Outcome<long>>
{
    private NodeLease _node = null!;
    private string _phone = "";
    private string _code = "";
    private string? _nonce;
    private long _now;
    private Outcome<long> _outcome;
    private StoreUnavailableException? _noNewUids;

    public static UseCodeOperation Rent(NodeLease node, string phone, string code, string? nonce, long now)
    {
        var operation = RentInstance();
        (operation._node, operation._phone, operation._code, operation._nonce, operation._now) = (node, phone, code, nonce, now);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        _noNewUids = null;
        var found = CodeRow.FindForUpdate(writer.Connection, _phone);
        var (failure, keep) = CodeRules.Check(found, _code, _nonce, _now);
        if (failure.Code != StatusCode.Ok)
        {
            CodeRow.Keep(writer.Connection, _phone, found, keep);
            _outcome = failure;
            return;
        }

        var uid = PhoneRow.Find(writer.Connection, _phone);
        if (uid is null)
        {
            // Without a uid to give, the code stays valid for a later try.
            if (!_node.TryNextUid(out var fresh, out _noNewUids))
                return;
            uid = PhoneRow.FindOrInsert(writer.Connection, _phone, fresh);
        }
        CodeRow.Keep(writer.Connection, _phone, found, keep);
        _outcome = uid.Value;
    }

    protected override bool TryPublish(out Outcome<long> result)
    {
        result = _outcome;
        return _noNewUids is null ? true : throw _noNewUids;
    }

    protected override void Clear()
    {
        _phone = _code = "";
        _nonce = null;
        _noNewUids = null;
    }
}
