using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Takes a committed batch of swipes through to its replies:
/// 1. the batch is queued for the index, in the order of the lane's commits;
/// 2. the truth is asked who likes back, after the commit, so that of two concurrent likes at least one finds the other;
/// 3. friendships and pushes are written, in both users' shards;
/// 4. its journal row is deleted, or marked as answered if the index can't be reached;
/// 5. the replies are sent.
/// So a batch that is open in the journal after a crash was never answered. The host that finds it there takes over the row and repeats
/// the steps, each of which is idempotent. A host that only seemed to be dead can't close a row it no longer owns, and so sends no reply
/// that could contradict the new owner's.
/// </summary>
internal sealed class SwipeBatch
{
    private static readonly TimeSpan IndexPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly ClusterShard _shard;
    private readonly WaitingSwipes _waiting;
    private IndexBatch _index;

    // One flag per swipe. Flags are only ever set, so that a late answer can't undo progress. They are kept here because an operation
    // returns to its pool as soon as it is answered, and the batch may go on after that.
    private readonly bool[] _asked;
    private readonly bool[] _likedBack;
    private readonly bool[] _matched;
    private readonly bool[] _settled;

    private readonly long _began;

    // Work in flight, by shard, and by swipe for the few with follow-ups: it may outlast the round that began it.
    private readonly Task?[] _reads;
    private Dictionary<int, Task>? _followUps;

    /// <param name="shard">The swipers' shard.</param>
    /// <param name="id">The batch id, which identifies the lane that committed it.</param>
    /// <param name="swipes">The new swipes.</param>
    /// <param name="waiting">The operations that wait for a reply.</param>
    public SwipeBatch(ClusterShard shard, long id, IndexedSwipe[] swipes, WaitingSwipes waiting)
    {
        _shard = shard;
        (Id, Swipes) = (id, swipes);
        _waiting = waiting;
        _asked = Array.ConvertAll(swipes, static swipe => swipe.Kind == SwipeKind.Dislike);
        _likedBack = new bool[swipes.Length];
        _matched = new bool[swipes.Length];
        _settled = new bool[swipes.Length];
        _reads = new Task?[shard.Engine.Shards.Length];
        _began = shard.Engine.Clock.GetTimestamp();
        _index = new IndexBatch(UidGenerator.NodeOf(id), shard.Number, id, swipes);
    }

    private enum Closing
    {
        Closed,
        TryAgain,

        /// <summary>Another host is settling it, and may already have reached a different outcome.</summary>
        TakenOver,
    }

    public long Id { get; }

    public IndexedSwipe[] Swipes { get; }

    /// <summary>How long it has been open on this host.</summary>
    public TimeSpan Age => _shard.Engine.Clock.GetElapsedTime(_began);

    /// <summary>What it is waiting for, for the log.</summary>
    public string WaitsFor()
    {
        if (ShardsOf(i => !Asked(i), static swipe => [swipe.Sid]) is { Length: > 0 } asked)
            return $"likes-back queries on shard {asked}";
        if (ShardsOf(Asked, static swipe => [swipe.Uid, swipe.Sid]) is { Length: > 0 } written)
            return $"follow-ups to be written on shard {written}";
        return _index is { Applied.IsCompleted: true, Abandoned: false }
            ? "its journal row to be closed"
            : $"Redis {_shard.Engine.Index.ServersFor(_index)}";

        bool Asked(int index) => Volatile.Read(ref _asked[index]);
        string ShardsOf(Predicate<int> isWanted, Func<IndexedSwipe, long[]> users) => string.Join(
            ", ",
            Enumerable.Range(0, Swipes.Length).Where(i => !Volatile.Read(ref _settled[i]) && isWanted(i))
                .SelectMany(i => users(Swipes[i])).Select(uid => _shard.Engine.ShardOf(uid).Number).Distinct().Order());
    }

    /// <summary>According to the journal this swipe is settled already.</summary>
    public void MarkSettled(int index) => _settled[index] = true;

    /// <summary>The batch for the index, to be queued after the lane's earlier batches and before its later ones.</summary>
    public IndexBatch ForIndex => _index;

    /// <summary>Called by the lane right after the commit: from here on the batch answers its operations.</summary>
    public void TakeOperations() => _waiting.Join(this);

    /// <summary>The lane has let go of one of the operations. With the last one settling begins.</summary>
    public void Told()
    {
        if (_waiting.Told())
            _ = SettleAsync();
    }

    /// <summary>Runs the remaining steps, and retries those that fail. Never throws.</summary>
    public async Task SettleAsync()
    {
        var stopping = _shard.Engine.Stopping;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    await FindLikesBackAsync().ConfigureAwait(false);
                    await WriteFollowUpsAsync().ConfigureAwait(false);
                    if (await CloseAsync(stopping).ConfigureAwait(false) != Closing.TryAgain)
                        return;
                }
                catch (Exception exception) when (!stopping.IsCancellationRequested)
                {
                    // Its own shard can't be reached. Catch everything: neither a bug nor a stray cancellation may leave a caller waiting.
                    Explain(exception);
                    AnswerUnavailable();
                }
                await Task.Delay(TryAgainAfter, _shard.Engine.Clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // Stopped half-way; the journal keeps the batch for the next start.
        }
        finally
        {
            // However it ended: an open journal row can be recovered again, and no caller waits any longer.
            _shard.OpenBatches.Remove(Id);
            AnswerUnavailable();
        }
    }

    /// <summary>Called on the lane's thread once the journal row says what is settled: sends the replies, failures included.</summary>
    public void Answer() => _waiting.Answer(_settled, _matched);

    /// <summary>Nothing could be made durable, or another host has taken over: no outcome is reported.</summary>
    public void AnswerUnavailable() => _waiting.AnswerUnavailable();

    // :: Step 2

    private async ValueTask FindLikesBackAsync()
    {
        var reads = new List<Task>(_reads.Length);
        foreach (var other in _shard.Engine.Shards)
        {
            if (!AsksIn(other))
                continue;
            if (_reads[other.Number] is not { IsCompleted: false } read)
                read = _reads[other.Number] = FindLikesBackAsync(other);
            reads.Add(read);
        }
        await EndSoonAsync(reads).ConfigureAwait(false);
    }

    private async Task FindLikesBackAsync(ClusterShard other)
    {
        try
        {
            await other.ReadAsync(LikesBackRead.Rent(this, other)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            other.Refused(exception);
            Explain(exception);
        }
    }

    /// <summary>
    /// Waits for at most half a deadline, so that swipes that don't involve a hanging shard don't wait for it. Later results count in the
    /// next round. Real time, as the deadline, whatever the clock says.
    /// </summary>
    private async ValueTask EndSoonAsync(List<Task> tasks)
    {
        var all = Task.WhenAll(tasks);
        if (!all.IsCompleted)
            await all.WaitAsync(_shard.Engine.Options.Deadline / 2).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private bool AsksIn(ClusterShard other)
    {
        for (var i = 0; i < Swipes.Length; i++)
        {
            if (Asks(i, other))
                return true;
        }
        return false;
    }

    /// <summary>Whether this swipe still waits for a likes-back answer.</summary>
    public bool Asks(int index, ClusterShard other) =>
        !Volatile.Read(ref _asked[index]) && !Volatile.Read(ref _settled[index]) && _shard.Engine.ShardOf(Swipes[index].Sid) == other;

    /// <summary>The likes-back answer for a swipe.</summary>
    public void Hear(int index, bool likedBack)
    {
        _likedBack[index] = likedBack;
        Volatile.Write(ref _asked[index], true);
    }

    // :: Step 3

    private async ValueTask WriteFollowUpsAsync()
    {
        var followUps = new List<Task>();
        for (var i = 0; i < Swipes.Length; i++)
        {
            if (!Volatile.Read(ref _asked[i]) || Volatile.Read(ref _settled[i]))
                continue;
            if (!_likedBack[i] && Swipes[i].Kind != SwipeKind.Superlike)
            {
                Volatile.Write(ref _settled[i], true);
                continue;
            }
            _followUps ??= [];
            if (!_followUps.TryGetValue(i, out var followUp) || followUp.IsCompleted)
                followUp = _followUps[i] = FollowUpAsync(i);
            followUps.Add(followUp);
        }
        await EndSoonAsync(followUps).ConfigureAwait(false);
    }

    private async Task FollowUpAsync(int index)
    {
        var swipe = Swipes[index];
        try
        {
            if (swipe.Kind == SwipeKind.Superlike)
                await FollowUp.NotifyAsync(_shard.Engine, swipe.Sid, Opcode.Superliked, swipe.Uid, swipe.At).ConfigureAwait(false);
            if (_likedBack[index])
                _matched[index] = await BefriendAsync(swipe).ConfigureAwait(false) == swipe.Uid;
            if (_matched[index])
                await _shard.Engine.Pushes.WhenSentAsync(swipe.Uid).ConfigureAwait(false);
            Volatile.Write(ref _settled[index], true);
        }
        catch (Exception exception)
        {
            Explain(exception);
        }
    }

    // A store that is down is logged by its breaker; anything else is a bug. Either way it is retried, keeping the progress made.
    private void Explain(Exception exception)
    {
        if (exception is not StoreUnavailableException)
            _shard.Engine.Faulted(_shard.Number, exception);
    }

    // The row of the smaller uid is written first. It decides between concurrent writers who completed the match, and when.
    private async ValueTask<long> BefriendAsync(IndexedSwipe swipe)
    {
        var (low, high) = swipe.Uid < swipe.Sid ? (swipe.Uid, swipe.Sid) : (swipe.Sid, swipe.Uid);
        var match = await FollowUp.BefriendAsync(_shard.Engine, low, high, new Match(swipe.Uid, swipe.At)).ConfigureAwait(false);
        await FollowUp.BefriendAsync(_shard.Engine, high, low, match).ConfigureAwait(false);
        return match.Completer;
    }

    // :: Steps 4 and 5

    private async ValueTask<Closing> CloseAsync(CancellationToken stopping)
    {
        if (Array.IndexOf(_settled, false) >= 0)
        {
            if (!_waiting.AreAnswered)
                SocialLog.Unsettled(_shard.Engine.Logger, _settled.Count(static one => !one), _shard.Number,
                    _asked.Count(static one => !one));
            var kept = await _shard.CloseAsync(CloseOperation.KeepRest(this, JournalRow.Pack(Swipes, _settled))).ConfigureAwait(false);
            return kept ? Closing.TryAgain : Closing.TakenOver;
        }

        if (!await IsIndexedSoonAsync().ConfigureAwait(false))
        {
            _shard.Engine.BatchWentAhead();
            try
            {
                if (!await _shard.CloseAsync(CloseOperation.KeepForIndex(this)).ConfigureAwait(false))
                    return Closing.TakenOver;
                await IndexAsync(stopping).ConfigureAwait(false);
            }
            finally
            {
                _shard.Engine.BatchWasCaughtUpWith();
            }
        }
        return await _shard.CloseAsync(CloseOperation.Delete(this)).ConfigureAwait(false) ? Closing.Closed : Closing.TakenOver;
    }

    private async ValueTask<bool> IsIndexedSoonAsync()
    {
        if (!_index.Applied.IsCompleted && _shard.Engine.Index.IsReachableFor(_index))
            await _index.Applied.WaitAsync(IndexPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _index is { Applied.IsCompleted: true, Abandoned: false };
    }

    // A batch that the index queue abandoned, because too many waited, is in the journal only, until every group has applied or refused
    // it.
    private async ValueTask IndexAsync(CancellationToken stopping)
    {
        await _index.Applied.WaitAsync(stopping).ConfigureAwait(false);
        while (_index.Abandoned)
        {
            await Task.Delay(TryAgainAfter, _shard.Engine.Clock, stopping).ConfigureAwait(false);
            _index = new IndexBatch(UidGenerator.NodeOf(Id), _shard.Number, Id, Swipes);
            _shard.Engine.Index.Enqueue(_index);
            await _index.Applied.WaitAsync(stopping).ConfigureAwait(false);
        }
    }
}
