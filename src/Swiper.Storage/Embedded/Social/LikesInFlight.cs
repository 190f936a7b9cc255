namespace Swiper.Storage.Embedded.Social;

/// <summary>
/// Likes in flight, from their execution until their outcome is durable. After a crash the files decide who completed a match, so no reply
/// may report an outcome that a like in flight can still change: it waits here for that like.
/// </summary>
internal sealed class LikesInFlight
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(long Uid, long Sid), List<IConsequenceOwner>?> _likes = [];

    /// <summary>Registers a like; true if a like in the other direction is in flight.</summary>
    public bool Begin(long uid, long sid)
    {
        lock (_gate)
        {
            _likes.TryAdd((uid, sid), null);
            return _likes.ContainsKey((sid, uid));
        }
    }

    /// <summary>Notifies the waiter when the like ends; at once if there is none.</summary>
    public void Await(long uid, long sid, IConsequenceOwner waiter)
    {
        lock (_gate)
        {
            if (_likes.TryGetValue((uid, sid), out var waiters))
            {
                if (waiters is null)
                    _likes[(uid, sid)] = waiters = [];
                waiters.Add(waiter);
                return;
            }
        }
        waiter.ConsequenceEnded(failed: false);
    }

    /// <summary>A like's outcome is known.</summary>
    /// <param name="uid">Who likes.</param>
    /// <param name="sid">Whom.</param>
    /// <param name="failed">It is not durable.</param>
    /// <param name="isOver">It seemed to complete a match, but the two were friends before: a repeat must not say that it has.</param>
    public void End(long uid, long sid, bool failed, bool isOver)
    {
        List<IConsequenceOwner>? waiters;
        lock (_gate)
            _likes.Remove((uid, sid), out waiters);
        if (waiters is null)
            return;
        foreach (var waiter in waiters)
            waiter.ConsequenceEnded(failed, isOver ? uid : 0);
    }
}
