using Swiper.EndToEnd.Cluster;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Robots;

namespace Swiper.EndToEnd.Histories;

/// <summary>
/// The same on two hosts, on both of which everybody is, while a host is killed, a shard hangs or is killed, and Redis hangs, is killed or
/// emptied. SWIPER_HISTORIES says how often each.
/// </summary>
[Collection<OnFailingServices>]
public sealed class ClusterHistoryTests(ClusterServices services)
{
    private const int People = 24;

    // A shard that hangs is noticed by it. What a busy machine holds up for as long is only refused.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    private readonly Moments _moments = new();

    [Fact]
    public async Task One_order_explains_all_answers_whatever_befalls_hosts_shards_and_Redis()
    {
        var rounds = Budget.Of("SWIPER_HISTORIES", 1);
        await using var deployment = await Deployment.CreateAsync(services, Deadline);
        var stage = new TwoHosts(deployment, await deployment.StartHostsAsync(2));
        var history = new History(rewindsEnd: false);
        Func<Func<Task>, Task>[] faults =
        [
            KillHostAsync, HangShardAsync, KillShardAsync, HangRedisAsync, KillRedisAsync, EmptyRedisAsync,
        ];
        var people = await stage.MakePeopleAsync(People * faults.Length * rounds);
        var company = new Company(history, stage);
        foreach (var (index, act) in people.Chunk(People).Index())
        {
            var moment = history.Count + _moments.Next(20, 600);
            var play = company.PlayAsync(act, _moments.Seed + index);
            await UntilAsync(moment);
            await faults[index % faults.Length](() => UntilAsync(moment + 200));
            await services.HealAsync();
            await play;

            Task UntilAsync(int count) =>
                Eventually.HoldsAsync(() => history.Count >= count || play.IsCompleted, "the moment of a fault, or of its end");
        }

        await company.EndAsync(stage.AtRestAsync, stage.QueryAsync);
        company.Verify();

        async Task HangRedisAsync(Func<Task> goOnAsync)
        {
            var from = history.Now;
            services.Suspend(ClusterServices.NameOfRedis(0));
            await goOnAsync();
            services.Resume(ClusterServices.NameOfRedis(0));
            await deployment.IndexedAsync();
            history.IndexLagged(from, history.Now);
        }

        Task KillHostAsync(Func<Task> goOnAsync) => stage.KillAndReplaceAsync(_moments.Next(0, 2), goOnAsync);
    }

    private async Task HangShardAsync(Func<Task> goOnAsync)
    {
        var shard = ClusterServices.NameOfShard(_moments.Next(0, ClusterServices.Shards));
        services.Suspend(shard);
        // Whoever has asked it is refused by then, and so are those who ask again.
        await Task.WhenAny(goOnAsync(), Task.Delay(2 * Deadline));
        services.Resume(shard);
    }

    private async Task KillShardAsync(Func<Task> goOnAsync)
    {
        await services.KillAsync(ClusterServices.NameOfShard(_moments.Next(0, ClusterServices.Shards)));
        await services.HealAsync();
        await goOnAsync();
    }

    private async Task KillRedisAsync(Func<Task> goOnAsync)
    {
        await services.KillAsync(ClusterServices.NameOfRedis(0));
        await goOnAsync();
        await services.HealAsync();
    }

    private async Task EmptyRedisAsync(Func<Task> goOnAsync)
    {
        await services.EmptyRedisAsync();
        await goOnAsync();
        await services.EmptyRedisAsync();
    }
}

/// <summary>Two hosts on one cluster; each device of a person prefers another one.</summary>
internal sealed class TwoHosts(Deployment deployment, ChildHost[] hosts) : IStage
{
    private readonly (ChildHost Host, int Number)[] _hosts = [.. hosts.Select((host, index) => (host, index + 1))];
    private int _last = hosts.Length;

    public async Task<(Server Server, int Host)> ConnectAsync(string token, int device)
    {
        var (host, number) = _hosts[device % _hosts.Length];
        if (host.ExitCode is not null)
            (host, number) = _hosts[(device + 1) % _hosts.Length];
        return (await Server.ConnectAsync(host, token), number);
    }

    /// <summary>SIGKILL to one of them; another takes its place.</summary>
    public async Task KillAndReplaceAsync(int victim, Func<Task> beforeReplacedAsync)
    {
        await _hosts[victim].Host.KillAsync();
        await beforeReplacedAsync();
        _hosts[victim] = (await deployment.StartHostAsync(), ++_last);
    }

    /// <summary>People as they come in decks, made behind the hosts' backs.</summary>
    public async Task<IReadOnlyList<(long Uid, string Token)>> MakePeopleAsync(int count)
    {
        using var folder = new ScratchFolder("end-to-end");
        var tokens = await RobotFactory.FillAsync(folder, deployment.Cluster, count, TestContext.Current.CancellationToken);
        var clients = await _hosts[0].Host.SignInAsync(tokens);
        var people = clients.Zip(tokens, static (client, token) => (client.Uid!.Value, token)).ToArray();
        await clients.DisposeAllAsync();
        return people;
    }

    /// <summary>Nothing is in a journal, and no follow-up is left to be done.</summary>
    public async Task AtRestAsync()
    {
        await deployment.SettledAsync();
        for (var shard = 0; shard < ClusterServices.Shards; shard++)
        {
            await Eventually.HoldsAsync(
                async () => (await deployment.QueryAsync(shard, "SELECT id FROM follow_ups LIMIT 1")).Count == 0,
                $"the follow-ups of shard {shard} are done");
        }

        await deployment.SettledAsync();
    }

    public async Task<IReadOnlyList<long[]>> QueryAsync(string sql) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, ClusterServices.Shards).Select(shard => deployment.QueryAsync(shard, sql))))
            .SelectMany(rows => rows)];
}
