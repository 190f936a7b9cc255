namespace Swiper.Storage;

/// <summary>What can be wrong with a host, or with what it stands on.</summary>
public enum HealthReasonKind
{
    /// <summary>The host is being stopped.</summary>
    Draining,

    /// <summary>The host does not get to look after itself.</summary>
    Stalled,

    /// <summary>A shard can't be reached or written.</summary>
    Shard,

    /// <summary>Less space than there should be.</summary>
    Disk,

    /// <summary>A Redis server does not answer.</summary>
    Redis,

    /// <summary>The index lacks swipes, or groups of it are not trusted.</summary>
    Index,

    /// <summary>What this host says to all hosts does not come back to it.</summary>
    Canary,

    /// <summary>A host that lives is not heard.</summary>
    Hosts,

    /// <summary>The node number can't be renewed.</summary>
    Node,

    /// <summary>Follow-ups are not done.</summary>
    FollowUps,
}

/// <summary>Something that is wrong now.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Which">Which one of its kind, such as a shard's number; empty if there is only one.</param>
/// <param name="Detail">For people. It holds no secret and nothing about users.</param>
/// <param name="IsUnready">Another host would serve clients better, so a balancer should send them there.</param>
public sealed record HealthReason(HealthReasonKind Kind, string Which, string Detail, bool IsUnready = false);
