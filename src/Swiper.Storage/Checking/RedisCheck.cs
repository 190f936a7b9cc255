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
            var found = new List<Finding>
            {
                ClockDifference.Judge(subject, time, before, DateTimeOffset.UtcNow),
                Finding.Of(subject, server.Version >= Oldest, $"version {server.Version}", $"{Oldest} or newer is needed"),
                Finding.Of(subject, !server.IsReplica, server.IsReplica ? "it is a replica" : "it is a master",
                    "hosts use masters only, and one that is promoted has to be rebuilt"),
            };
            if (server.ServerType == ServerType.Cluster)
            {
                var state = (string?)await server.ExecuteAsync("CLUSTER", "INFO").ConfigureAwait(false) ?? "";
                found.Add(Finding.Of(subject, state.Contains("cluster_state:ok", StringComparison.Ordinal),
                    state.Split('\n')[0].Trim(), "some slots have no node"));
            }

            found.AddRange(await CheckSettingsAsync(server, subject).ConfigureAwait(false));
            return found;
        }
        catch (Exception exception) when (RedisDriver.IsNoAnswer(exception))
        {
            return [Finding.Problem(subject, $"does not answer: {exception.Message.ReplaceLineEndings(" ")}")];
        }
    }

    private static async Task<IReadOnlyList<Finding>> CheckSettingsAsync(IServer server, string subject)
    {
        try
        {
            var policy = await GetAsync("maxmemory-policy").ConfigureAwait(false);
            var (save, appends) = (await GetAsync("save").ConfigureAwait(false), await GetAsync("appendonly").ConfigureAwait(false));
            return
            [
                Finding.Of(subject, policy == "noeviction", $"maxmemory-policy is {policy}",
                    "set it to noeviction, or the index loses swipes and people see others twice"),
                Finding.Of(subject, save.Length == 0 && appends != "yes",
                    save.Length == 0 && appends != "yes" ? "it persists nothing" : "it persists what it has",
                    "save \"\" and appendonly no spare the disk: an index from before a restart is not trusted", Verdict.Warning),
            ];
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
