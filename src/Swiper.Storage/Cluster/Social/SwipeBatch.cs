using System.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Owns a batch of swipes from its commit until it is answered.</summary>
/// <remarks>
/// <code>
///                lane of the swipers' shard (SwipeRows)
/// SwipeAsync ──► queued ──► INSERT swiped, INSERT journal; COMMIT
///                  │                         │
///                  │ rolled back             ▼
///                  └──────► 1004         Committed ──► index queue ──► one script a Redis node
///                                            ▼                               │
///                                ┌──────► Asking    readers of the other sides' shards: who likes back?
///       half a second later, for │           ▼                               │
///       what is not durable yet  │        Writing   friends, push_seqs, pushes, events, in both users' shards
///                                │           ├───── a shard is away ──► UPDATE journal; COMMIT ──► what is settled is answered,
///                                └───────────┼──────────────────────────────────────────────────── the rest is 1004 for now
///                                            ▼                               │
///                                        Indexing ◄──────────────────────────┘
///                                            ├───── Redis is away ────► UPDATE journal: answered; COMMIT ──► answered
///                                            ▼
///                                        Closing    DELETE journal; COMMIT, with whatever the lane commits next
///                                            ▼
///                                        Closed     answered; pushes to connections here, and to the other hosts
/// </code>
/// <para>
/// If the journal row is no longer this host's, another host took it over, because this one seemed to be dead: the batch is
/// <see cref="Stage.TakenOver"/>, and no outcome is reported that could contradict the other host's. A host that stops leaves the batch
/// to its next start.
/// </para>
/// <para>
/// So a batch that is open in the journal was never answered, and whoever finds it there repeats the steps, each of which is idempotent.
/// The truth is asked after the commit, so that of two concurrent likes at least one finds the other.
/// </para>
/// </remarks>
internal sealed class SwipeBatch
{
    private static readonly TimeSpan IndexPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly SwipePath _path;
    private readonly ClusterShard _shard;
    private readonly BatchedSwipes _swipes;
    private readonly SwipeConsequences _consequences;
    private readonly long _began;
    private IndexBatch _index;
    private volatile Stage _stage;
    private long _committedAt;

    // Reads in progress by shard: they may outlast the round that began them.
    private readonly Task?[] _reads;

    /// <param name="path">What it needs on its way.</param>
    /// <param name="shard">The swipers' shard.</param>
    /// <param name="id">The batch id, which identifies the lane that committed it.</param>
    /// <param name="swipes">The new swipes.</param>
    public SwipeBatch(SwipePath path, ClusterShard shard, long id, BatchedSwipes swipes)
    {
        (_path, _shard, _swipes, Id) = (path, shard, swipes, id);
        _consequences = new SwipeConsequences(path, swipes, Explain);
        _reads = new Task?[path.Shards.Count];
        _began = path.Clock.GetTimestamp();
        _index = NewForIndex();
    }

    private enum Stage
    {
        Committed,
        Asking,
        Writing,
        Indexing,
        Closing,
        Closed,
        TakenOver,
    }

    public long Id { get; }

    public BatchedSwipes Swipes => _swipes;

    /// <summary>The batch for the index, to be queued after the lane's earlier batches and before its later ones.</summary>
    public IndexBatch ForIndex => _index;

    /// <summary>How long it has been open on this host.</summary>
    public TimeSpan Age => _path.Clock.GetElapsedTime(_began);

    private bool IsOver => _stage is Stage.Closed or Stage.TakenOver;

    private bool IsIndexed => _index is { Applied.IsCompleted: true, Abandoned: false };

    /// <summary>What it is waiting for, for the log; null once it is over.</summary>
    public string? WaitsFor()
    {
        var asked = ShardsOf(SwipeState.Asking, SwipeState.Asking);
        var written = ShardsOf(SwipeState.NoticeDue, SwipeState.MatchDue);
        var stage = _stage;
        return stage is Stage.Closed or Stage.TakenOver ? null
            : asked.Length > 0 ? $"likes-back queries on shard {asked}"
            : written.Length > 0 ? $"consequences to be written on shard {written}"
            : stage == Stage.Indexing ? $"Redis {_path.Index.ServersFor(_index)}"
            : "its journal row to be closed";

        string ShardsOf(SwipeState first, SwipeState last) => string.Join(
            ", ",
            Enumerable.Range(0, _swipes.Count).Where(i => _swipes.StateOf(i) >= first && _swipes.StateOf(i) <= last)
                .SelectMany(i => first == SwipeState.Asking ? (long[])[_swipes[i].Sid] : [_swipes[i].Uid, _swipes[i].Sid])
                .Select(uid => _path.Shards.Of(uid).Number).Distinct().Order());
    }

    /// <summary>The lane's transaction is durable.</summary>
    public void Committed()
    {
        _committedAt = Stopwatch.GetTimestamp();
        _shard.OpenBatches.Add(this);
        _path.Index.Enqueue(_index);
    }

    /// <summary>Takes the batch through the remaining stages, and retries those that fail. Never throws.</summary>
    public async Task SettleAsync()
    {
        try
        {
            while (!_path.Stopping.IsCancellationRequested)
            {
                await TrySettleAsync().ConfigureAwait(false);
                if (IsOver)
                    return;
                await Task.Delay(TryAgainAfter, _path.Clock, _path.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            // However it ended: an open journal row can be recovered again, and no caller waits any longer.
            _shard.OpenBatches.Remove(Id);
            _swipes.AnswerUnavailable();
            // A hanging read may still be answered. All writes have ended once every swipe is settled, and the index has its own copy.
            if (_stage == Stage.Closed && Array.TrueForAll(_reads, static read => read is null or { IsCompleted: true }))
                _swipes.Recycle();
        }
    }

    private async ValueTask TrySettleAsync()
    {
        try
        {
            _stage = Stage.Asking;
            await AskAsync().ConfigureAwait(false);
            _stage = Stage.Writing;
            await EndSoonAsync(_consequences.Write()).ConfigureAwait(false);
            if (_swipes.AreSettled)
                await CloseAsync().ConfigureAwait(false);
            else
                await AnswerSettledAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Its own shard can't be reached, or the host stops. Catch everything: neither a bug nor a stray cancellation may leave a
            // caller waiting.
            if (!_path.Stopping.IsCancellationRequested)
                Explain(exception);
            _swipes.AnswerUnavailable();
        }
    }

    // :: Asking

    private async ValueTask AskAsync()
    {
        var began = Stopwatch.GetTimestamp();
        var reads = new List<Task>(_reads.Length);
        for (var number = 0; number < _reads.Length; number++)
        {
            var other = _path.Shards[number];
            if (!AsksAny(other))
                continue;
            if (_reads[number] is not { IsCompleted: false } read)
                read = _reads[number] = AskAsync(other);
            reads.Add(read);
        }
        await EndSoonAsync(reads).ConfigureAwait(false);
        _swipes.AddSpan("likes_back", began, Stopwatch.GetTimestamp(), failed: _swipes.CountUntil(SwipeState.Asking) > 0);
    }

    private async Task AskAsync(ClusterShard other)
    {
        try
        {
            await LikesBackRead.SendAsync(this, other).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            other.Refused(exception);
            Explain(exception);
        }
    }

    /// <summary>Whether a swipe waits for an answer of that shard.</summary>
    public bool Asks(int index, ClusterShard other) =>
        _swipes.StateOf(index) == SwipeState.Asking && _path.Shards.Of(_swipes[index].Sid) == other;

    private bool AsksAny(ClusterShard other)
    {
        for (var i = 0; i < _swipes.Count; i++)
        {
            if (Asks(i, other))
                return true;
        }
        return false;
    }

    // :: Indexing and closing

    private async ValueTask CloseAsync()
    {
        _stage = Stage.Indexing;
        if (!await IsIndexedSoonAsync().ConfigureAwait(false))
        {
            _path.Lag.Begin();
            try
            {
                if (!await UpdateRowAsync(Closing.AnswerWithoutIndex).ConfigureAwait(false))
                {
                    _stage = Stage.TakenOver;
                    return;
                }
                await IndexAsync().ConfigureAwait(false);
            }
            finally
            {
                _path.Lag.End();
            }
        }
        _stage = Stage.Closing;
        _stage = await UpdateRowAsync(Closing.Close).ConfigureAwait(false) ? Stage.Closed : Stage.TakenOver;
    }

    private async ValueTask AnswerSettledAsync()
    {
        if (!_swipes.AreAnswered)
            SocialLog.Unsettled(_path.Logger, _swipes.CountUntil(SwipeState.MatchDue), _shard.Number,
                _swipes.CountUntil(SwipeState.Asking));
        if (!await UpdateRowAsync(Closing.AnswerSettled).ConfigureAwait(false))
            _stage = Stage.TakenOver;
    }

    private ValueTask<bool> UpdateRowAsync(Closing closing)
    {
        _swipes.ClosingSince = Stopwatch.GetTimestamp();
        return ClosingOperation.SendAsync(this, _shard, _path.Node.Owner, closing);
    }

    // Real time, whatever the clock says, which does not drive Redis.
    private async ValueTask<bool> IsIndexedSoonAsync()
    {
        if (!_index.Applied.IsCompleted && _path.Index.IsReachableFor(_index))
            await _index.Applied.WaitAsync(IndexPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var isIndexed = IsIndexed;
        _swipes.AddSpan("index", _committedAt, isIndexed ? _index.AppliedAt : Stopwatch.GetTimestamp(), failed: !isIndexed);
        return isIndexed;
    }

    // A batch that the index queue abandoned, because too many waited, is in the journal only, until every group has applied or refused
    // it.
    private async ValueTask IndexAsync()
    {
        await _index.Applied.WaitAsync(_path.Stopping).ConfigureAwait(false);
        while (_index.Abandoned)
        {
            await Task.Delay(TryAgainAfter, _path.Clock, _path.Stopping).ConfigureAwait(false);
            _index = NewForIndex();
            _path.Index.Enqueue(_index);
            await _index.Applied.WaitAsync(_path.Stopping).ConfigureAwait(false);
        }
    }

    private IndexBatch NewForIndex() => new(BatchIds.NodeOf(Id), _shard.Number, Id, _swipes.All);

    /// <summary>
    /// Waits for at most half a deadline, so that swipes that don't involve a hanging shard don't wait for it. Later results count in the
    /// next round. Real time, as the deadline, whatever the clock says.
    /// </summary>
    private async ValueTask EndSoonAsync(List<Task> tasks)
    {
        var all = Task.WhenAll(tasks);
        if (!all.IsCompleted)
            await all.WaitAsync(_path.Options.Deadline / 2).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // A store that is down is logged by its breaker; anything else is a bug. Either way it is tried again, keeping the progress made.
    private void Explain(Exception exception)
    {
        if (exception is not StoreUnavailableException)
            _shard.Faulted(exception);
    }
}
