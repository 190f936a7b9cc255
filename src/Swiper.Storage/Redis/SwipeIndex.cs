using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Storage.Metrics;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Redis;

/// <summary>
/// The index of swipes in Redis: a projection of the truth, to which each batch is applied exactly once. While a server is down its
/// batches are queued for as long as it takes, bounded by <see cref="RedisOptions.MaxWaitingSwipes"/>.
/// </summary>
/// <remarks>
/// What is exchanged with Redis (deadlines, retries, probes, heartbeats) goes by real time, as Redis does: a clock that is moved during a
/// call doesn't mean that Redis is silent. The given clock measures how long a silence has lasted.
/// </remarks>
internal sealed class SwipeIndex : IDisposable
{
    private readonly Lock _lock = new();
    private readonly RedisClient _client;
    private readonly TimeProvider _time;
    private readonly RedisOptions _options;
    private readonly ILogger _logger;
    private readonly IndexQueue _queue;
    private NodeWorker[] _workers = [];
    private BatchSizes[] _callSizes = [];
    private bool _disposed;

    public SwipeIndex(RedisOptions options, TimeProvider? time = null, ILogger? logger = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _queue = new IndexQueue(options.MaxWaitingSwipes, _time);
        _client = new RedisClient(options, _time, _logger);
        Calls = new RedisCalls(_client, options.Deadline);
        Nodes = new RedisNodes(_client, options.Deadline);
        UntrustedGroups = new UntrustedGroups(options.ReportPeriod, _time, _logger);
        Nodes.Changed += FollowNodes;
        FollowNodes();
    }

    /// <summary>
    /// Raised when a script finds a group that was not built on the process that answered, so that a rebuild can be started. At most once
    /// per period and group, on any thread.
    /// </summary>
    public event Action<int>? Untrusted
    {
        add => UntrustedGroups.Found += value;
        remove => UntrustedGroups.Found -= value;
    }

    /// <summary>The number of swipes that some group lacks.</summary>
    public long Pending => _queue.Waiting;

    /// <summary>How long the oldest of them has been waiting.</summary>
    public TimeSpan PendingFor => _queue.Oldest;

    /// <summary>The number of swipes per call, for each worker so far.</summary>
    public IEnumerable<BatchSizes> CallSizes => Volatile.Read(ref _callSizes);

    /// <summary>How the calls ended.</summary>
    public CallCounts CallCounts => Calls.Counts;

    /// <summary>Whether every server answered its last call.</summary>
    public bool IsReachable => Nodes.All.All(node => node.IsReachable);

    /// <summary>The servers that did not.</summary>
    public IEnumerable<string> Silent => Nodes.All.Where(node => !node.IsReachable).Select(node => node.ToString());

    /// <summary>Messages between hosts on the same client; dispose before the index.</summary>
    /// <param name="host">Identifies this host to the others.</param>
    public HostMessages OpenMessages(Guid? host = null) => new(_client, _options, host ?? Guid.NewGuid(), _time, _logger);

    internal RedisClient Client => _client;

    internal RedisCalls Calls { get; }

    internal RedisNodes Nodes { get; }

    internal UntrustedGroups UntrustedGroups { get; }

    /// <summary>Whether the servers that still lack the batch answered their last calls.</summary>
    public bool IsReachableFor(IndexBatch batch)
    {
        foreach (var node in Nodes.All)
        {
            if (!node.IsReachable && (node.Groups & batch.Lacking) != 0)
                return false;
        }
        return true;
    }

    /// <summary>The servers that still lack the batch, for the log.</summary>
    public string ServersFor(IndexBatch batch) => string.Join(", ", Nodes.All.Where(node => (node.Groups & batch.Lacking) != 0));

    /// <summary>Queues a batch. Thread-safe; never blocks, never throws. Batches of one lane are applied in call order.</summary>
    public void Enqueue(IndexBatch batch)
    {
        var groups = _queue.Add(batch);
        foreach (var worker in Volatile.Read(ref _workers))
        {
            if ((worker.Node.Groups & groups) != 0)
                worker.Wake();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            Nodes.Changed -= FollowNodes;
            foreach (var worker in _workers)
                worker.Dispose();
        }

        _client.Dispose();
    }

    private NodeWorker NewWorker(RedisNode node)
    {
        var silence = new RedisSilence(_client, node.ToString(), _options.ReplaceAfter, _time);
        return new NodeWorker(node, _queue, Calls, Nodes, UntrustedGroups, silence, _options, _time, _logger);
    }

    // A server whose groups changed gets a new worker, which finds in the queue whatever its groups lack.
    private void FollowNodes()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            var nodes = Nodes.All;
            var kept = _workers.Where(worker => nodes.Contains(worker.Node)).ToList();
            foreach (var worker in _workers.Except(kept))
                worker.Dispose();
            var begun = nodes.Except(kept.Select(worker => worker.Node))
                .Select(node => NewWorker(node)).ToList();
            Volatile.Write(ref _workers, [.. kept, .. begun]);
            Volatile.Write(ref _callSizes, [.. _callSizes, .. begun.Select(worker => worker.CallSizes)]);
            foreach (var worker in begun)
                worker.Start();
            RedisLog.NodesChanged(_logger, nodes.Count);
        }
    }
}
