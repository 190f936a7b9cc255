using System.Diagnostics;

namespace Swiper.Local.Services;

/// <summary>The databases of a cluster host.</summary>
/// <param name="Shards">The connection string of each shard, including the password.</param>
/// <param name="Redis">The host:port of each node.</param>
internal sealed record ClusterSettings(IReadOnlyList<string> Shards, IReadOnlyList<string> Redis)
{
    /// <summary>
    /// A generous timeout for when no user is waiting: on a busy machine calls take longer without the databases being down.
    /// </summary>
    public const string LongDeadline = "Cluster:Deadline=00:00:30";

    /// <summary>The host options for them, as KEY=VALUE. Contains the password; for use in this process only.</summary>
    public IReadOnlyList<string> Options =>
        ["Storage:Engine=cluster", $"Cluster:Redis={string.Join(',', Redis)}",
            .. Shards.Select((shard, number) => $"Cluster:Shards:{number}={shard}")];

    /// <summary>
    /// Makes a host, or a tool with the same options, use them. Passed through the environment, because command lines are readable by
    /// every local user and the options contain the password.
    /// </summary>
    /// <param name="start">How the process is started.</param>
    public void Configure(ProcessStartInfo start)
    {
        foreach (var inherited in start.Environment.Keys.Where(key =>
            key.StartsWith("Swiper__Cluster__", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(inherited);
        foreach (var option in Options)
        {
            var pair = option.Split('=', 2);
            start.Environment["Swiper__" + pair[0].Replace(":", "__", StringComparison.Ordinal)] = pair[1];
        }
    }
}
