using System.Diagnostics;

namespace Swiper.Local.Services;

/// <summary>The databases that a host runs on.</summary>
/// <param name="Shards">The connection string of each, with its password.</param>
/// <param name="Redis">host:port, of each node.</param>
internal sealed record ClusterSettings(IReadOnlyList<string> Shards, IReadOnlyList<string> Redis)
{
    /// <summary>
    /// An option for whom no user waits: a machine that is busy just takes longer, and its databases do not pass for down.
    /// </summary>
    public const string LongDeadline = "Cluster:Deadline=00:00:30";

    /// <summary>What a host's options must say to run on them, KEY=VALUE each. With the password: for this process alone.</summary>
    public IReadOnlyList<string> Options =>
        ["Storage:Engine=cluster", $"Cluster:Redis={string.Join(',', Redis)}",
            .. Shards.Select((shard, number) => $"Cluster:Shards:{number}={shard}")];

    /// <summary>
    /// Has a host, or a tool that takes the same options, run on them. By the environment: on a command line anyone could read the
    /// password.
    /// </summary>
    /// <param name="start">Of the process.</param>
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
