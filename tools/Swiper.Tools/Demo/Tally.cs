using System.Collections.Concurrent;
using Swiper.Client;

namespace Swiper.Tools.Demo;

/// <summary>Running counts of all users of a demo.</summary>
internal sealed class Tally
{
    private readonly long[] _swipes = new long[(int)SwipeKind.Dislike + 1];
    private long _requests;
    private long _pushes;
    private long _errors;
    private long _rewinds;
    private long _partings;

    /// <summary>Answered requests.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public long Swipes => SwipesOf(SwipeKind.Like) + SwipesOf(SwipeKind.Superlike) + SwipesOf(SwipeKind.Dislike);

    /// <summary>Pushes 701, two per match.</summary>
    public long MatchedPushes => Interlocked.Read(ref _pushes);

    /// <summary>Swipes taken back once the evening was over.</summary>
    public long Rewinds => Interlocked.Read(ref _rewinds);

    /// <summary>Friendships ended then.</summary>
    public long Partings => Interlocked.Read(ref _partings);

    /// <summary>Unexpected outcomes.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>Counts by kind of error.</summary>
    public ConcurrentDictionary<string, int> ErrorKinds { get; } = new();

    /// <summary>Matches reported by replies: who swiped second, and whom.</summary>
    public ConcurrentQueue<(long Uid, long Sid)> Matches { get; } = new();

    public long SwipesOf(SwipeKind kind) => Interlocked.Read(ref _swipes[(int)kind]);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountSwipe(SwipeKind kind) => Interlocked.Increment(ref _swipes[(int)kind]);

    public void CountMatchedPush() => Interlocked.Increment(ref _pushes);

    public void CountRewind(bool isDone) => Interlocked.Add(ref _rewinds, isDone ? 1 : 0);

    public void CountParting(bool isDone) => Interlocked.Add(ref _partings, isDone ? 1 : 0);

    public void CountError(string kind)
    {
        Interlocked.Increment(ref _errors);
        ErrorKinds.AddOrUpdate(kind, 1, (_, count) => count + 1);
    }

    /// <summary>Waits for the two pushes of each match, which follow the reply. True once all have arrived; false on timeout.</summary>
    public async Task<bool> AllPushesAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var deadline = DateTime.UtcNow + patience;
        while (MatchedPushes < 2L * Matches.Count && DateTime.UtcNow < deadline)
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        return MatchedPushes == 2L * Matches.Count;
    }
}
