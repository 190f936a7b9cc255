using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Deletes a login code that was never sent.</summary>
internal sealed class WithdrawCodeOperation : PooledLaneOperation<WithdrawCodeOperation, ShardWriter, NoData>
{
    private string _phone = "";
    private SentCode _unsent = null!;

    public static WithdrawCodeOperation Rent(string phone, SentCode unsent)
    {
        var operation = RentInstance();
        (operation._phone, operation._unsent) = (phone, unsent);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        var found = CodeRow.FindForUpdate(writer.Connection, _phone);
        CodeRow.Keep(writer.Connection, _phone, found, CodeRules.Withdraw(found, _unsent.Nonce));
    }

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        return true;
    }

    protected override void Clear()
    {
        _phone = "";
        _unsent = null!;
    }
}
