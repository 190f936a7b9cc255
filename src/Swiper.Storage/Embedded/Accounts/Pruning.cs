using Swiper.Core.Protocol;

namespace Swiper.Storage.Embedded.Accounts;

/// <summary>Prunes every shard when the engine starts and then once an hour.</summary>
internal sealed class Pruning : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly EmbeddedEngine _engine;
    private readonly ITimer _timer;

    public Pruning(EmbeddedEngine engine)
    {
        _engine = engine;
        _timer = engine.Clock.CreateTimer(static pruning => ((Pruning)pruning!).Prune(), this, TimeSpan.Zero, Interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Prune()
    {
        var now = _engine.Clock.NowMs();
        foreach (var (token, expires) in _engine.Revoked)
        {
            if (expires <= now)
                _engine.Revoked.TryRemove(token, out _);
        }
        foreach (var shard in _engine.Shards)
        {
            // A shard that fails is pruned in the next hour.
            var operation = PruneOperation.Rent(now);
            operation.Forget();
            shard.Lane.Enqueue(operation);
        }
    }
}
