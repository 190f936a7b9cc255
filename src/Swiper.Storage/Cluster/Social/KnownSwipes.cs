using Swiper.Storage.Indexes;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Remembers for an hour of users with very many swipes those who are known to be among them, so that the next deck asks for others and,
/// where one deck may not ask for all who are near, gets further. Bounded; the users whose decks are the longest ago go first.
/// </summary>
internal sealed class KnownSwipes(TimeProvider clock)
{
    /// <summary>More than a search passes (<see cref="CandidateQuery.DroppedBudget"/>) and a deck asks for.</summary>
    public const int MostOfOne = 250_000;

    /// <summary>The most of all users together: 32 MB or so.</summary>
    public const int MostOfAll = 2_000_000;

    // Swipes that were taken back by way of another host are forgotten after this.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, LinkedListNode<Known>> _users = [];
    private readonly LinkedList<Known> _order = [];
    private long _forgotten;

    /// <summary>How many are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Takes what is known of a user; another deck of the user that is drawn meanwhile finds nothing.</summary>
    public Known Take(long uid)
    {
        lock (_gate)
        {
            var known = Remove(uid);
            return known is not null && clock.GetElapsedTime(known.Since) < Lifetime
                ? known with { Forgotten = _forgotten }
                : new Known(uid, [], clock.GetTimestamp(), _forgotten);
        }
    }

    /// <summary>Gives it back, with what was learnt.</summary>
    public void Keep(Known known)
    {
        lock (_gate)
        {
            if (known.Forgotten != _forgotten || known.Swiped.Count is 0 or > MostOfOne)
                return;
            Remove(known.Uid);
            _users.Add(known.Uid, _order.AddLast(known));
            Count += known.Swiped.Count;
            while (Count > MostOfAll)
                Remove(_order.First!.Value.Uid);
        }
    }

    /// <summary>The user has taken a swipe back.</summary>
    public void Forget(long uid)
    {
        lock (_gate)
        {
            // What decks have taken may be the user's.
            _forgotten++;
            Remove(uid);
        }
    }

    private Known? Remove(long uid)
    {
        if (!_users.Remove(uid, out var node))
            return null;
        _order.Remove(node);
        Count -= node.Value.Swiped.Count;
        return node.Value;
    }

    /// <param name="Uid">The user.</param>
    /// <param name="Swiped">Slots of people whom the user has swiped; whoever has taken it may add to it.</param>
    /// <param name="Since">When the oldest was learnt.</param>
    /// <param name="Forgotten">How often anything had been forgotten when it was taken.</param>
    internal sealed record Known(long Uid, HashSet<int> Swiped, long Since, long Forgotten);
}
