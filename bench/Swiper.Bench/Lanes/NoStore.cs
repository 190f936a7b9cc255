using Swiper.Storage.Sharding;

namespace Swiper.Bench.Lanes;

/// <summary>A writer that has nothing to write to.</summary>
internal sealed class NoStore : ILaneWriter
{
    public void Begin()
    {
    }

    public void Commit()
    {
    }

    public void Rollback()
    {
    }

    public bool IsStorageFailure(Exception exception) => false;
}

/// <summary>An operation for it.</summary>
internal sealed class DoNothing : PooledLaneOperation<DoNothing, NoStore, int>
{
    public static ValueTask<int> Through(Lane<NoStore> lane)
    {
        var operation = RentInstance();
        lane.Enqueue(operation);
        return operation.AsValueTask();
    }

    protected internal override void Execute(NoStore writer)
    {
    }

    protected override bool TryPublish(out int result)
    {
        result = 0;
        return true;
    }
}
