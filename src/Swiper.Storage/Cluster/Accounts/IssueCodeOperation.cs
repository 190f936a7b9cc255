using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Keeps a new login code, in the shard of the number.</summary>
internal sealed class IssueCodeOperation : PooledLaneOperation<IssueCodeOperation, ShardWriter, Failure>
{
    private CodeRules _rules = CodeRules.Standard;
    private string _phone = "";
    private string _code = "";
    private long _now;
    private Failure _failure;

    public static IssueCodeOperation Rent(CodeRules rules, string phone, string code, long now)
    {
        var operation = RentInstance();
        (operation._rules, operation._phone, operation._code, operation._now) = (rules, phone, code, now);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        var issued = _rules.Issue(CodeRow.FindForUpdate(writer.Connection, _phone), _code, _now);
        _failure = issued.Failure;
        if (issued.IsOk)
            CodeRow.Keep(writer.Connection, _phone, issued.Value);
    }

    protected override bool TryPublish(out Failure result)
    {
        result = _failure;
        return true;
    }

    protected override void Clear() => _phone = _code = "";
}
