using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// A committed batch of swipes on its way to being answered:
/// 1. the index hears of it, in the order in which the lane committed;
/// 2. the truth is asked who likes back: after the commit, so that of two likes at the same instant at least one finds the other;
/// 3. friendships and pushes are written, in both users' shards;
/// 4. its journal row is deleted, or marked as answered where the index can't be reached now;
/// 5. the replies leave.
/// So what the journal holds open after a crash was answered to nobody. Whoever finds it there does the steps again, and none of them
/// does anything twice.
/// </summary>
internal sealed class SwipeBatch
{
    private static readonly TimeSpan IndexPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly ClusterShard _shard;
    private readonly SwipeOperation[] _operations;
    private readonly SwipeOperation[] _repeats;
    private readonly IndexBatch _index;
    private readonly Progress[] _progress;

    // Here rather than in the operations, which are other people's as soon as they are answered; the batch may go on after that.
    private readonly bool[] _matched;
    private int _toldLeft;
    private bool _isAnswered;

    /// <param name="shard">Of the swipers.</param>
    /// <param name="node">Whose lane committed it.</param>
    /// <param name="id">Of the batch.</param>
    /// <param name="swipes">The new swipes.</param>
    /// <param name="operations">Those that wait for an answer, one a swipe; none where the batch was found in the journal.</param>
    /// <param name="repeats">Those that are answered what one of the others is answered.</param>
    public SwipeBatch(ClusterShard shard, int node, long id, IndexedSwipe[] swipes, SwipeOperation[] operations, SwipeOperation[] repeats)
    {
        _shard = shard;
        (Id, Swipes) = (id, swipes);
        (_operations, _repeats) = (operations, repeats);
        _toldLeft = operations.Length + repeats.Length;
        _progress = new Progress[swipes.Length];
        _matched = new bool[swipes.Length];
        _index = new IndexBatch(node, shard.Number, id, swipes);
    }

    private enum Progress : byte
    {
        Open,
        LikedBack,

        /// <summary>A shard that it needs can't be reached.</summary>
        Failed,

        /// <summary>What follows from it is durable.</summary>
        Settled,
    }

    public long Id { get; }

    public IndexedSwipe[] Swipes { get; }

    /// <summary>From the journal: this swipe was settled before.</summary>
    public void MarkSettled(int index) => _progress[index] = Progress.Settled;

    /// <summary>The index is to hear of it, after the lane's earlier batches and before its later ones.</summary>
    public void EnqueueToIndex() => _shard.Engine.Index.Enqueue(_index);

    /// <summary>By the lane, right after the commit: its operations are answered here.</summary>
    public void TakeOperations()
    {
        foreach (var operation in _operations)
            operation.Join(this);
        foreach (var repeat in _repeats)
            repeat.Join(this);
    }

    /// <summary>The lane won't touch one of its operations again. With the last one the rest begins.</summary>
    public void Told()
    {
        if (--_toldLeft == 0)
            _ = SettleAsync();
    }

    /// <summary>Does what is left to do, and tries again what can't be done now. Never throws.</summary>
    public async Task SettleAsync()
    {
        var stopping = _shard.Engine.Stopping;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await FindLikesBackAsync().ConfigureAwait(false);
                await WriteFollowUpsAsync().ConfigureAwait(false);
                if (await TryCloseAsync(stopping).ConfigureAwait(false))
                {
                    _shard.OpenBatches.Remove(Id);
                    return;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Its own shard can't be reached; a bug must not keep anybody waiting either.
                if (exception is not StoreUnavailableException)
                    _shard.Engine.Faulted(_shard.Number, exception);
                AnswerUnavailable();
            }
            catch (OperationCanceledException)
            {
                break;
            }
            await Task.Delay(TryAgainAfter, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        // The journal keeps it for the next start.
        AnswerUnavailable();
    }

    /// <summary>On the lane's thread, once the journal row says what is settled: the replies leave, failures among them.</summary>
    public void Answer()
    {
        if (_isAnswered)
            return;
        _isAnswered = true;
        // Repeats first: an original may be in use again as soon as it is answered.
        foreach (var repeat in _repeats)
        {
            var original = Array.IndexOf(_operations, repeat.Repeats);
            repeat.Matched = _matched[original];
            Answer(repeat, _progress[original]);
        }
        for (var i = 0; i < _operations.Length; i++)
        {
            _operations[i].Matched = _matched[i];
            Answer(_operations[i], _progress[i]);
        }
    }

    private static void Answer(SwipeOperation operation, Progress progress)
    {
        if (progress == Progress.Settled)
            operation.Answer();
        else
            operation.AnswerUnavailable();
    }

    private void AnswerUnavailable()
    {
        if (_isAnswered)
            return;
        _isAnswered = true;
        FlushScope.Enter();
        foreach (var repeat in _repeats)
            repeat.AnswerUnavailable();
        foreach (var operation in _operations)
            operation.AnswerUnavailable();
        FlushScope.Exit();
    }

    // :: Step 2

    private async ValueTask FindLikesBackAsync()
    {
        var reads = new List<(ClusterShard Shard, Task Read)>(_shard.Engine.Shards.Length);
        foreach (var other in _shard.Engine.Shards)
        {
            if (AsksIn(other))
                reads.Add((other, FindLikesBackAsync(other)));
        }
        if (await EndSoonAsync(reads.Select(static read => read.Read)).ConfigureAwait(false))
            return;
        foreach (var (other, read) in reads)
        {
            if (!read.IsCompleted)
                FailThoseThatAsk(other);
        }
    }

    /// <summary>
    /// False where some of them are still under way after half a deadline: the swipes that a hanging shard has no part in must not wait for
    /// it. What those come to counts all the same.
    /// </summary>
    private async ValueTask<bool> EndSoonAsync(IEnumerable<Task> tasks)
    {
        var all = Task.WhenAll(tasks);
        if (!all.IsCompleted)
            await all.WaitAsync(_shard.Engine.Options.Deadline / 2, _shard.Engine.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return all.IsCompleted;
    }

    private async Task FindLikesBackAsync(ClusterShard other)
    {
        try
        {
            await other.ReadAsync(LikesBackRead.Rent(this, other)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Explain(exception);
            FailThoseThatAsk(other);
        }
    }

    private void FailThoseThatAsk(ClusterShard other)
    {
        for (var i = 0; i < Swipes.Length; i++)
        {
            if (Asks(i, other))
                _progress[i] = Progress.Failed;
        }
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

    /// <summary>Whether this swipe asks a shard if its user likes back.</summary>
    public bool Asks(int index, ClusterShard other) =>
        _progress[index] == Progress.Open && Swipes[index].Kind != SwipeKind.Dislike && _shard.Engine.ShardOf(Swipes[index].Sid) == other;

    /// <summary>The answer to a swipe that asked.</summary>
    public void IsLikedBack(int index) => _progress[index] = Progress.LikedBack;

    // :: Step 3

    private async ValueTask WriteFollowUpsAsync()
    {
        List<(int Index, Task Written)>? followUps = null;
        for (var i = 0; i < Swipes.Length; i++)
        {
            if (_progress[i] is Progress.Failed or Progress.Settled)
                continue;
            if (_progress[i] == Progress.LikedBack || Swipes[i].Kind == SwipeKind.Superlike)
                (followUps ??= []).Add((i, FollowUpAsync(i)));
            else
                _progress[i] = Progress.Settled;
        }
        if (followUps is null || await EndSoonAsync(followUps.Select(static followUp => followUp.Written)).ConfigureAwait(false))
            return;
        foreach (var (index, written) in followUps)
        {
            if (!written.IsCompleted)
                _progress[index] = Progress.Failed;
        }
    }

    private async Task FollowUpAsync(int index)
    {
        var swipe = Swipes[index];
        // Read before anything is awaited: should this take too long, the swipe counts as failed and is tried again beside it.
        var likedBack = _progress[index] == Progress.LikedBack;
        try
        {
            if (swipe.Kind == SwipeKind.Superlike)
                await FollowUp.NotifyAsync(_shard.Engine, swipe.Sid, Opcode.Superliked, swipe.Uid, swipe.At).ConfigureAwait(false);
            if (likedBack)
                _matched[index] = await BefriendAsync(swipe).ConfigureAwait(false) == swipe.Uid;
            _progress[index] = Progress.Settled;
        }
        catch (Exception exception)
        {
            Explain(exception);
            _progress[index] = Progress.Failed;
        }
    }

    // That a store is down is its breaker's to say; all else is a bug, and must not pass for an answer either.
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

    /// <summary>False where something has failed and is to be tried again.</summary>
    private async ValueTask<bool> TryCloseAsync(CancellationToken stopping)
    {
        if (Array.IndexOf(_progress, Progress.Failed) >= 0)
        {
            await _shard.CloseAsync(CloseOperation.KeepRest(this, PackRest())).ConfigureAwait(false);
            for (var i = 0; i < _progress.Length; i++)
            {
                if (_progress[i] == Progress.Failed)
                    _progress[i] = Progress.Open;
            }
            return false;
        }

        if (!await IsIndexedSoonAsync().ConfigureAwait(false))
        {
            _shard.Engine.BatchWentAhead();
            try
            {
                await _shard.CloseAsync(CloseOperation.KeepForIndex(this)).ConfigureAwait(false);
                await _index.Applied.WaitAsync(stopping).ConfigureAwait(false);
            }
            finally
            {
                _shard.Engine.BatchWasCaughtUpWith();
            }
        }
        await _shard.CloseAsync(CloseOperation.Delete(this)).ConfigureAwait(false);
        return true;
    }

    private async ValueTask<bool> IsIndexedSoonAsync()
    {
        if (_index.Applied.IsCompleted)
            return true;
        if (!_shard.Engine.Index.IsReachable)
            return false;
        await _index.Applied.WaitAsync(IndexPatience, _shard.Engine.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _index.Applied.IsCompleted;
    }

    private byte[] PackRest()
    {
        var settled = new bool[_progress.Length];
        for (var i = 0; i < settled.Length; i++)
            settled[i] = _progress[i] == Progress.Settled;
        return JournalRow.Pack(Swipes, settled);
    }
}
