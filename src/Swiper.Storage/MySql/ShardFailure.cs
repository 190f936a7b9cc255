namespace Swiper.Storage.MySql;

/// <summary>What an exception says about a shard.</summary>
internal enum ShardFailure
{
    /// <summary>Nothing: the operation or its SQL is at fault, and it fails alone.</summary>
    None,

    /// <summary>The server is well and the same again may succeed.</summary>
    Contention,

    /// <summary>The server does not answer, or is about to go: the same again may succeed on a new connection.</summary>
    Unreachable,

    /// <summary>The server answers and won't do it: full, no permission. Trying again at once is pointless.</summary>
    Refused,
}
