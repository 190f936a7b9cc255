using System.Collections.Concurrent;
using Swiper.Core.Social;

namespace Swiper.Tools.Demo;

/// <summary>What all people of a demo have seen so far, counted while they are at it.</summary>
internal sealed class Tally
{
    private readonly long[] _swipes = new long[(int)SwipeKind.Dislike + 1];
    private long _requests;
    private long _pushes;
    private long _errors;

    /// <summary>Requests that were answered.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public long Swipes => SwipesOf(SwipeKind.Like) + SwipesOf(SwipeKind.Superlike) + SwipesOf(SwipeKind.Dislike);

    /// <summary>Pushes 701: two a match.</summary>
    public long MatchedPushes => Interlocked.Read(ref _pushes);

    /// <summary>Everything that was neither success nor expected.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>The kinds of errors, each with how often.</summary>
    public ConcurrentDictionary<string, int> ErrorKinds { get; } = new();

    /// <summary>Matches as the replies said them: who swiped second, and whom.</summary>
    public ConcurrentQueue<(long Uid, long Sid)> Matches { get; } = new();

    public long SwipesOf(SwipeKind kind) => Interlocked.Read(ref _swipes[(int)kind]);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountSwipe(SwipeKind kind) => Interlocked.Increment(ref _swipes[(int)kind]);

    public void CountMatchedPush() => Interlocked.Increment(ref _pushes);

    public void CountError(string kind)
    {
        Interlocked.Increment(ref _errors);
        ErrorKinds.AddOrUpdate(kind, 1, (_, count) => count + 1);
    }

    /// <summary>Both people of each match get a push, after the reply. True as soon as all are there; false when they stay away.</summary>
    public async Task<bool> AllPushesAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var deadline = DateTime.UtcNow + patience;
        while (MatchedPushes < 2L * Matches.Count && DateTime.UtcNow < deadline)
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        return MatchedPushes == 2L * Matches.Count;
    }
}
