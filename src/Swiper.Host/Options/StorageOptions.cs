namespace Swiper.Host.Options;

/// <summary>Where the truth is kept.</summary>
public sealed record StorageOptions
{
    /// <summary>Embedded, or cluster with the servers of <see cref="ClusterOptions"/>.</summary>
    public StorageEngine Engine { get; init; } = StorageEngine.Embedded;

    /// <summary>The folder of the embedded engine: SQLite files, token keys, and in Development the outbox of messages.</summary>
    public string Data { get; init; } = "data";

    /// <summary>SQLite files; fixed when the folder is made. Each has a thread that commits.</summary>
    public int Shards { get; init; } = 4;

    /// <summary>Users whose profiles stay in memory, about 1 KiB each.</summary>
    public int CachedProfiles { get; init; } = 100_000;

    /// <summary>Health tells of a disk that has fewer bytes free where the data folder is; 0 for never.</summary>
    public long LowSpace { get; init; } = 256 << 20;

    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Data))
            yield return "Storage:Data: must name a folder";
        if (Shards is < 1 or > 64)
            yield return $"Storage:Shards: {Shards} is not between 1 and 64";
        if (CachedProfiles < 100)
            yield return $"Storage:CachedProfiles: {CachedProfiles} is below 100";
        if (LowSpace < 0)
            yield return $"Storage:LowSpace: {LowSpace} is negative";
    }
}
