using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Brings a batch's journal row up to what is settled, and with that durable has the batch answered.</summary>
internal sealed class CloseOperation : PooledLaneOperation<CloseOperation, ShardWriter, NoData>
{
    private SwipeBatch _batch = null!;
    private Step _step;
    private byte[] _rest = [];

    private enum Step
    {
        Delete,
        KeepForIndex,
        KeepRest,
    }

    /// <summary>Nothing is left to do.</summary>
    public static CloseOperation Delete(SwipeBatch batch) => Rent(batch, Step.Delete, []);

    /// <summary>Only the index has still to hear of it.</summary>
    public static CloseOperation KeepForIndex(SwipeBatch batch) => Rent(batch, Step.KeepForIndex, []);

    /// <summary>Some of its swipes are not settled.</summary>
    public static CloseOperation KeepRest(SwipeBatch batch, byte[] swipes) => Rent(batch, Step.KeepRest, swipes);

    protected internal override void Execute(ShardWriter writer)
    {
        switch (_step)
        {
            case Step.Delete:
                writer.Connection.Execute("DELETE FROM journal WHERE batch = @p0", _batch.Id);
                break;
            case Step.KeepForIndex:
                writer.Connection.Execute("UPDATE journal SET answered = 1 WHERE batch = @p0", _batch.Id);
                break;
            case Step.KeepRest:
                writer.Connection.Execute("UPDATE journal SET swipes = @p1 WHERE batch = @p0", _batch.Id, _rest);
                break;
        }
    }

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        _batch.Answer();
        return true;
    }

    protected override void Clear()
    {
        _batch = null!;
        _rest = [];
    }

    private static CloseOperation Rent(SwipeBatch batch, Step step, byte[] rest)
    {
        var operation = RentInstance();
        (operation._batch, operation._step, operation._rest) = (batch, step, rest);
        return operation;
    }
}
