using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Updates a batch's journal row to what is settled; once that is durable the batch is answered. False if another host has taken over the
/// row: then no outcome is reported.
/// </summary>
internal sealed class CloseOperation : PooledLaneOperation<CloseOperation, ShardWriter, bool>
{
    private SwipeBatch _batch = null!;
    private Step _step;
    private byte[] _rest = [];
    private bool _isOurs;

    private enum Step
    {
        Delete,
        KeepForIndex,
        KeepRest,
    }

    /// <summary>Nothing is left to do: delete the row.</summary>
    public static CloseOperation Delete(SwipeBatch batch) => Rent(batch, Step.Delete, []);

    /// <summary>Only the index has yet to apply it.</summary>
    public static CloseOperation KeepForIndex(SwipeBatch batch) => Rent(batch, Step.KeepForIndex, []);

    /// <summary>Some of its swipes are not settled.</summary>
    public static CloseOperation KeepRest(SwipeBatch batch, byte[] swipes) => Rent(batch, Step.KeepRest, swipes);

    protected internal override void Execute(ShardWriter writer)
    {
        var owner = writer.Shard.Engine.Node.Owner;
        _isOurs = _step switch
        {
            Step.Delete => writer.Connection.Execute("DELETE FROM journal WHERE batch = @p0 AND owner = @p1", _batch.Id, owner) == 1,
            Step.KeepForIndex =>
                writer.Connection.Execute("UPDATE journal SET answered = 1 WHERE batch = @p0 AND owner = @p1", _batch.Id, owner) == 1
                || IsOurs(writer, owner),
            _ => writer.Connection.Execute("UPDATE journal SET swipes = @p2 WHERE batch = @p0 AND owner = @p1", _batch.Id, owner,
                _rest) == 1
                || IsOurs(writer, owner),
        };
    }

    protected override bool TryPublish(out bool result)
    {
        result = _isOurs;
        if (_isOurs)
            _batch.Answer();
        else
            _batch.AnswerUnavailable();
        return true;
    }

    protected override void Clear()
    {
        _batch = null!;
        _rest = [];
    }

    // A row that already said so counts as unchanged.
    private bool IsOurs(ShardWriter writer, byte[] owner) =>
        writer.Connection.ScalarInt64("SELECT 1 FROM journal WHERE batch = @p0 AND owner = @p1", _batch.Id, owner) == 1;

    private static CloseOperation Rent(SwipeBatch batch, Step step, byte[] rest)
    {
        var operation = RentInstance();
        (operation._batch, operation._step, operation._rest) = (batch, step, rest);
        return operation;
    }
}
