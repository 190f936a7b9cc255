namespace Swiper.Host.Options;

/// <summary>The engine that holds the source of truth.</summary>
public enum StorageEngine
{
    /// <summary>SQLite files in a folder of this host.</summary>
    Embedded,

    /// <summary>MySQL shards and Redis, for any number of hosts.</summary>
    Cluster,
}
