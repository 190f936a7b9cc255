using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Stores a new login code in the shard of the number.</summary>
internal sealed class IssueCodeOperation : PooledLaneOperation<IssueCodeOperation, ShardWriter, Failure>
{
    private CodeRules _rules = CodeRules.Standard;
    private string _phone = "";
    private SentCode _fresh = null!;
    private Failure _failure;

    public static IssueCodeOperation Rent(CodeRules rules, string phone, SentCode fresh)
    {
        var operation = RentInstance();
        (operation._rules, operation._phone, operation._fresh) = (rules, phone, fresh);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        var found = CodeRow.FindForUpdate(writer.Connection, _phone);
        (_failure, var keep) = _rules.Issue(found, _fresh);
        CodeRow.Keep(writer.Connection, _phone, found, keep);
    }

    protected override bool TryPublish(out Failure result)
    {
        result = _failure;
        return true;
    }

    protected override void Clear()
    {
        _phone = "";
        _fresh = null!;
    }
}
