namespace Swiper.Storage.MySql;

/// <summary>What an exception says about a shard.</summary>
internal enum ShardFailure
{
    /// <summary>Nothing: the operation or its SQL is at fault, and only it fails.</summary>
    None,

    /// <summary>The server is healthy and a retry may succeed.</summary>
    Contention,

    /// <summary>The server does not answer, or is going away: a retry may succeed on a new connection.</summary>
    Unreachable,

    /// <summary>The server answers but refuses: full, no permission. Retrying at once is pointless.</summary>
    Refused,
}
