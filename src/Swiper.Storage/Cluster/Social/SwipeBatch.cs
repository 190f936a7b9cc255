using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// A committed batch of swipes on its way to being answered:
/// 1. the index hears of it, in the order in which the lane committed;
/// 2. the truth is asked who likes back: after the commit, so that of two likes at the same instant at least one finds the other;
/// 3. friendships and pushes are written, in both users' shards;
/// 4. its journal row is deleted, or marked as answered where the index can't be reached now;
/// 5. the replies leave.
/// So what the journal holds open after a crash was answered to nobody. Whoever finds it there makes the row its own and does the steps
/// again, and none of them does anything twice. A host that only seemed to be gone can't close what is another's now, and so answers
/// nothing that the other may come to see differently.
/// </summary>
internal sealed class SwipeBatch
{
    private static readonly TimeSpan IndexPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly ClusterShard _shard;
    private readonly WaitingSwipes _waiting;
    private IndexBatch _index;

    // A swipe each. What is here only ever becomes true, so that an answer that comes late can't undo what was done without it. It is here
    // rather than in the operations, which are other people's as soon as they are answered; the batch may go on after that.
    private readonly bool[] _asked;
    private readonly bool[] _likedBack;
    private readonly bool[] _matched;
    private readonly bool[] _settled;

    private readonly long _began;

    // What was begun, one a shard, and one a swipe of those few that something follows from: it may still be under way when a later
    // round comes to it.
    private readonly Task?[] _reads;
    private Dictionary<int, Task>? _followUps;

    /// <param name="shard">Of the swipers.</param>
    /// <param name="id">Of the batch; it tells whose lane committed it.</param>
    /// <param name="swipes">The new swipes.</param>
    /// <param name="waiting">Those that wait for an answer.</param>
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

        /// <summary>Another host settles it, and may already have come to something else.</summary>
        TakenOver,
    }

    public long Id { get; }

    public IndexedSwipe[] Swipes { get; }

    /// <summary>How long it has been open, here.</summary>
    public TimeSpan Age => _shard.Engine.Clock.GetElapsedTime(_began);

    /// <summary>What it waits for just now, for the log.</summary>
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

    /// <summary>From the journal: this swipe was settled before.</summary>
    public void MarkSettled(int index) => _settled[index] = true;

    /// <summary>What the index is to hear of, after the lane's earlier batches and before its later ones.</summary>
    public IndexBatch ForIndex => _index;

    /// <summary>By the lane, right after the commit: its operations are answered here.</summary>
    public void TakeOperations() => _waiting.Join(this);

    /// <summary>The lane won't touch one of its operations again. With the last one the rest begins.</summary>
    public void Told()
    {
        if (_waiting.Told())
            _ = SettleAsync();
    }

    /// <summary>Does what is left to do, and tries again what can't be done now. Never throws.</summary>
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
                    // Its own shard can't be reached; neither a bug nor somebody else's cancellation must keep anybody waiting.
                    Explain(exception);
                    AnswerUnavailable();
                }
                await Task.Delay(TryAgainAfter, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // In the middle of it; the journal keeps it for the next start.
        }
        finally
        {
            // However it ended: what the journal still has is there to be taken up, and nobody waits for this one.
            _shard.OpenBatches.Remove(Id);
            AnswerUnavailable();
        }
    }

    /// <summary>On the lane's thread, once the journal row says what is settled: the replies leave, failures among them.</summary>
    public void Answer() => _waiting.Answer(_settled, _matched);

    /// <summary>Nothing of it could be made durable, or another host has taken it over: nobody is told an outcome.</summary>
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
    /// Waits for half a deadline at most: the swipes that a hanging shard has no part in must not wait for it. What the rest comes to
    /// counts in the next round.
    /// </summary>
    private async ValueTask EndSoonAsync(List<Task> tasks)
    {
        var all = Task.WhenAll(tasks);
        if (!all.IsCompleted)
            await all.WaitAsync(_shard.Engine.Options.Deadline / 2, _shard.Engine.Clock)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    /// <summary>Whether this swipe still asks a shard if its user likes back.</summary>
    public bool Asks(int index, ClusterShard other) =>
        !Volatile.Read(ref _asked[index]) && !Volatile.Read(ref _settled[index]) && _shard.Engine.ShardOf(Swipes[index].Sid) == other;

    /// <summary>The answer to a swipe that asked.</summary>
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

    // That a store is down is its breaker's to say; all else is a bug. Either way it is tried again, and what was done counts.
    private void Explain(Exception exception)
    {
        if (exception is not StoreUnavailableException)
            _shard.Engine.Faulted(_shard.Number, exception);
    }

    // The row of the smaller uid is written first and decides, whoever else tries at the same instant: who completed the match, and when.
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
            await _index.Applied.WaitAsync(IndexPatience, _shard.Engine.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _index is { Applied.IsCompleted: true, Abandoned: false };
    }

    // A batch that the index gave up, because too many waited, is known to the journal alone until some group has refused or taken it.
    private async ValueTask IndexAsync(CancellationToken stopping)
    {
        await _index.Applied.WaitAsync(stopping).ConfigureAwait(false);
        while (_index.Abandoned)
        {
            await Task.Delay(TryAgainAfter, stopping).ConfigureAwait(false);
            _index = new IndexBatch(UidGenerator.NodeOf(Id), _shard.Number, Id, Swipes);
            _shard.Engine.Index.Enqueue(_index);
            await _index.Applied.WaitAsync(stopping).ConfigureAwait(false);
        }
    }
}
