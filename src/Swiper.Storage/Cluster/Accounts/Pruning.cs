using Swiper.Core.Protocol;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Prunes every shard once a minute. Every host does so; whichever comes first finds something.</summary>
internal sealed class Pruning : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ClusterEngine _engine;
    private readonly ITimer _timer;

    public Pruning(ClusterEngine engine)
    {
        _engine = engine;
        _timer = engine.Clock.CreateTimer(static pruning => ((Pruning)pruning!).Prune(), this, Interval, Interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Prune()
    {
        // A shard that fails is pruned in the next minute.
        foreach (var shard in _engine.Shards)
            shard.Lane.Enqueue(PruneOperation.Rent(shard, _engine.Clock.NowMs()));
    }
}
