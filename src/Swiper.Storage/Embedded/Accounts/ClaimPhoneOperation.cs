using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Accounts;

/// <summary>
/// Assigns a phone number to a user, in the shard of the number, and returns its owner: that user, or the earlier owner.
/// </summary>
internal sealed class ClaimPhoneOperation : PooledLaneOperation<ClaimPhoneOperation, ShardWriter, long>
{
    private string _phone = "";
    private long _uid;
    private long _owner;

    public static ClaimPhoneOperation Rent(string phone, long uid)
    {
        var operation = RentInstance();
        (operation._phone, operation._uid) = (phone, uid);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer) => _owner = PhoneRow.FindOrInsert(writer, _phone, _uid);

    protected override bool TryPublish(out long result)
    {
        result = _owner;
        return true;
    }

    protected override void Clear() => _phone = "";
}
