using System.Net;
using StackExchange.Redis;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Checking;

/// <summary>Whether Redis is as hosts need it.</summary>
public static class RedisCheck
{
    private static readonly Version Oldest = new(7, 0);

    /// <summary>Looks at each node.</summary>
    /// <param name="configuration">As hosts have it.</param>
    /// <param name="patience">For each answer.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(string configuration, TimeSpan patience)
    {
        try
        {
            var options = new RedisOptions { Configuration = configuration, Deadline = patience };
            await using var client = await RedisDriver.ConnectAsync(options).ConfigureAwait(false);
            var found = new List<Finding>();
            foreach (var node in client.GetEndPoints())
                found.AddRange(await CheckAsync(client.GetServer(node), node).ConfigureAwait(false));
            return found;
        }
        catch (Exception exception) when (RedisDriver.IsNoAnswer(exception) || exception is ArgumentException)
        {
            return [Finding.Problem("redis", $"can't be used: {exception.Message.ReplaceLineEndings(" ")}")];
        }
    }

    private static async Task<IReadOnlyList<Finding>> CheckAsync(IServer server, EndPoint node)
    {
        var subject = $"redis {Name(node)}";
        if (!server.IsConnected)
            return [Finding.Problem(subject, "does not answer: start it, or correct Cluster:Redis")];
        try
        {
            var before = DateTimeOffset.UtcNow;
            var time = new DateTimeOffset(await server.TimeAsync().ConfigureAwait(false));
            var clock = ClockDifference.Judge(subject, time, before, DateTimeOffset.UtcNow);
            var cluster = server.ServerType == ServerType.Cluster
                ? (string?)await server.ExecuteAsync("CLUSTER", "INFO").ConfigureAwait(false) ?? "" : null;
            return
            [
                clock, .. Judge(subject, server.Version, server.IsReplica, cluster),
                .. await CheckSettingsAsync(server, subject).ConfigureAwait(false),
            ];
        }
        catch (Exception exception) when (RedisDriver.IsNoAnswer(exception))
        {
            return [Finding.Problem(subject, $"does not answer: {exception.Message.ReplaceLineEndings(" ")}")];
        }
    }

    /// <param name="subject">The node.</param>
    /// <param name="version">Its version.</param>
    /// <param name="isReplica">Whether it copies another.</param>
    /// <param name="cluster">What CLUSTER INFO says; null if it is no Redis Cluster.</param>
    internal static IEnumerable<Finding> Judge(string subject, Version version, bool isReplica, string? cluster)
    {
        yield return Finding.Of(subject, version >= Oldest, $"version {version}", $"{Oldest} or newer is needed");
        yield return Finding.Of(subject, !isReplica, isReplica ? "it is a replica" : "it is a master",
            "hosts use masters only, and one that is promoted has to be rebuilt");
        if (cluster is not null)
        {
            yield return Finding.Of(subject, cluster.Contains("cluster_state:ok", StringComparison.Ordinal),
                cluster.Split('\n')[0].Trim(), "some slots have no node");
        }
    }

    /// <param name="subject">The node.</param>
    /// <param name="policy">Its maxmemory-policy.</param>
    /// <param name="save">When it writes all that it has.</param>
    /// <param name="appends">Whether it writes each change.</param>
    internal static IReadOnlyList<Finding> Judge(string subject, string policy, string save, string appends)
    {
        var persists = save.Length > 0 || appends == "yes";
        return
        [
            Finding.Of(subject, policy == "noeviction", $"maxmemory-policy is {policy}",
                "set it to noeviction, or the index loses swipes and people see others twice"),
            Finding.Of(subject, !persists, persists ? "it persists what it has" : "it persists nothing",
                "save \"\" and appendonly no spare the disk: an index from before a restart is not trusted", Verdict.Warning),
        ];
    }

    private static async Task<IReadOnlyList<Finding>> CheckSettingsAsync(IServer server, string subject)
    {
        try
        {
            var policy = await GetAsync("maxmemory-policy").ConfigureAwait(false);
            var (save, appends) = (await GetAsync("save").ConfigureAwait(false), await GetAsync("appendonly").ConfigureAwait(false));
            return Judge(subject, policy, save, appends);
        }
        catch (RedisServerException exception)
        {
            return [Finding.Warning(subject, $"its settings can't be read ({exception.Message}): maxmemory-policy must be noeviction")];
        }

        async Task<string> GetAsync(string name) =>
            (await server.ConfigGetAsync(name).ConfigureAwait(false)).FirstOrDefault().Value ?? "";
    }

    private static string Name(EndPoint node) => node switch
    {
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => node.ToString() ?? "",
    };
}
