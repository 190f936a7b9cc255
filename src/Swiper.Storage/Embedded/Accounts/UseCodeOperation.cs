using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Accounts;

/// <summary>
/// Consumes a login code and returns the uid of the number, in the shard of the number; a new number gets the offered uid.
/// </summary>
internal sealed class UseCodeOperation : PooledLaneOperation<UseCodeOperation, ShardWriter, Outcome<long>>
{
    private string _phone = "";
    private string _code = "";
    private string? _nonce;
    private long _now;
    private long _offeredUid;
    private Outcome<long> _outcome;

    public static UseCodeOperation Rent(string phone, string code, string? nonce, long now, long offeredUid)
    {
        var operation = RentInstance();
        (operation._phone, operation._code, operation._nonce) = (phone, code, nonce);
        (operation._now, operation._offeredUid) = (now, offeredUid);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        var found = CodeRow.Find(writer, _phone);
        var (failure, keep) = CodeRules.Check(found, _code, _nonce, _now);
        CodeRow.Keep(writer, _phone, found, keep);
        _outcome = failure.Code == StatusCode.Ok ? PhoneRow.FindOrInsert(writer, _phone, _offeredUid) : failure;
    }

    protected override bool TryPublish(out Outcome<long> result)
    {
        result = _outcome;
        return true;
    }

    protected override void Clear()
    {
        _phone = _code = "";
        _nonce = null;
    }
}
