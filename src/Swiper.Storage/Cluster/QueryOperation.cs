using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>A query of its own, for reads that are too rare to be joined with others.</summary>
internal sealed class QueryOperation<TArgument, TResult> : PooledLaneOperation<QueryOperation<TArgument, TResult>, ShardReader, TResult>
{
    private Func<ShardConnection, TArgument, TResult> _query = null!;
    private TArgument _argument = default!;
    private TResult _answer = default!;

    public static QueryOperation<TArgument, TResult> Rent(TArgument argument, Func<ShardConnection, TArgument, TResult> query)
    {
        var operation = RentInstance();
        (operation._argument, operation._query) = (argument, query);
        return operation;
    }

    protected internal override void Execute(ShardReader reader) => _answer = _query(reader.Connection, _argument);

    protected override bool TryPublish(out TResult result)
    {
        result = _answer;
        return true;
    }

    protected override void Clear()
    {
        _query = null!;
        _argument = default!;
        _answer = default!;
    }
}
