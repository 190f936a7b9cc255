using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>What a batch's journal row is to say next.</summary>
internal enum Closing
{
    /// <summary>Which swipes are settled; the others are retried.</summary>
    AnswerSettled,

    /// <summary>That all are answered, and only the index has yet to apply the batch.</summary>
    AnswerWithoutIndex,

    /// <summary>Nothing is left to do: the row is deleted.</summary>
    Close,
}

/// <summary>
/// Updates a batch's journal row, and answers the batch once that is durable. False if another host has taken over the row: then no
/// outcome is reported.
/// </summary>
internal sealed class ClosingOperation : PooledLaneOperation<ClosingOperation, ShardWriter, bool>
{
    private SwipeBatch _batch = null!;
    private byte[] _owner = null!;
    private Closing _closing;
    private bool _isOurs;

    public static ValueTask<bool> SendAsync(SwipeBatch batch, ClusterShard shard, byte[] owner, Closing closing)
    {
        var operation = RentInstance();
        (operation._batch, operation._owner, operation._closing) = (batch, owner, closing);
        var outcome = operation.AsValueTask();
        shard.Lane.Enqueue(operation);
        return outcome;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        var changed = _closing switch
        {
            Closing.Close => writer.Connection.Execute("DELETE FROM journal WHERE batch = @p0 AND owner = @p1", _batch.Id, _owner),
            Closing.AnswerWithoutIndex => writer.Connection.Execute(
                "UPDATE journal SET answered = 1 WHERE batch = @p0 AND owner = @p1", _batch.Id, _owner),
            _ => writer.Connection.Execute(
                "UPDATE journal SET swipes = @p2 WHERE batch = @p0 AND owner = @p1", _batch.Id, _owner, _batch.Swipes.PackRow()),
        };
        // A row that already said so counts as unchanged.
        _isOurs = changed == 1 || _closing != Closing.Close
            && writer.Connection.ScalarInt64("SELECT 1 FROM journal WHERE batch = @p0 AND owner = @p1", _batch.Id, _owner) == 1;
    }

    protected override bool TryPublish(out bool result)
    {
        result = _isOurs;
        if (_isOurs)
            _batch.Swipes.Answer();
        else
            _batch.Swipes.AnswerUnavailable();
        return true;
    }

    protected override void Clear() => _batch = null!;
}
