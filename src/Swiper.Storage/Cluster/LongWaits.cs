using Microsoft.Extensions.Logging;
using Swiper.Storage.Cluster.Social;

namespace Swiper.Storage.Cluster;

/// <summary>
/// Logs long waits, and repeats each once a minute while it lasts: shards that do not answer, and unsettled batches of swipes. Waits for
/// Redis are logged by its workers.
/// </summary>
internal sealed class LongWaits : IDisposable
{
    private const int MostBatches = 1000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SayEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongUnsettled = TimeSpan.FromSeconds(30);

    private readonly ClusterShards _shards;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Dictionary<ClusterShard, (long Since, long Said)> _down = [];
    private readonly Dictionary<(ClusterShard Shard, string What), long> _waiting = [];
    private readonly Lock _looking = new();
    private readonly ITimer _timer;

    public LongWaits(ClusterShards shards, TimeProvider clock, ILogger logger)
    {
        (_shards, _clock, _logger) = (shards, clock, logger);
        _timer = clock.CreateTimer(static waits => ((LongWaits)waits!).Look(), this, LookEvery, LookEvery);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_looking)
        {
            foreach (var shard in _shards)
            {
                try
                {
                    LookAtServer(shard);
                    LookAtBatches(shard);
                }
                catch (Exception exception)
                {
                    // What a timer's callback throws ends the process.
                    shard.Faulted(exception);
                }
            }
        }
    }

    private void LookAtServer(ClusterShard shard)
    {
        var now = _clock.GetTimestamp();
        if (shard.Server.IsAvailable)
            _down.Remove(shard);
        else if (!_down.TryGetValue(shard, out var down))
            _down[shard] = (now, now); // logged by its breaker already
        else if (_clock.GetElapsedTime(down.Said, now) >= SayEvery)
        {
            var length = _clock.GetElapsedTime(down.Since, now);
            StorageLog.ShardStillFailing(_logger, shard.Number, shard.Server.Name, length.TotalSeconds);
            _down[shard] = down with { Said = now };
        }
    }

    private void LookAtBatches(ClusterShard shard)
    {
        var now = _clock.GetTimestamp();
        // One line for all batches that wait for the same thing.
        var waiting = shard.OpenBatches.OlderThan(LongUnsettled).OrderBy(batch => batch.Id).Take(MostBatches)
            .Select(batch => (Batch: batch, What: batch.WaitsFor())).Where(open => open.What is not null)
            .ToLookup(open => open.What!, open => open.Batch);
        foreach (var over in _waiting.Keys.Where(key => key.Shard == shard && !waiting.Contains(key.What)).ToArray())
            _waiting.Remove(over);
        foreach (var same in waiting)
        {
            if (_waiting.TryGetValue((shard, same.Key), out var said) && _clock.GetElapsedTime(said, now) < SayEvery)
                continue;
            _waiting[(shard, same.Key)] = now;
            var oldest = same.First();
            SocialLog.LongUnsettled(_logger, oldest.Id, shard.Number, oldest.Age.TotalSeconds, same.Key, same.Count() - 1);
        }
    }
}
