using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Forgets a login code that was never sent.</summary>
internal sealed class WithdrawCodeOperation : PooledLaneOperation<WithdrawCodeOperation, ShardWriter, NoData>
{
    private string _phone = "";

    public static WithdrawCodeOperation Rent(string phone)
    {
        var operation = RentInstance();
        operation._phone = phone;
        return operation;
    }

    protected internal override void Execute(ShardWriter writer) =>
        CodeRow.Keep(writer.Connection, _phone, CodeRules.Withdraw(CodeRow.FindForUpdate(writer.Connection, _phone)));

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        return true;
    }

    protected override void Clear() => _phone = "";
}
