using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;
using Swiper.Local;
using Swiper.Local.Services;

namespace Swiper.EndToEnd.Cluster;

/// <summary>Hosts that start at once, with a wrong list of servers, or without some of them.</summary>
[Collection<OnFailingServices>]
public sealed class StartingTests(ClusterServices services)
{
    [Fact]
    public async Task Many_hosts_that_start_at_once_on_empty_databases_all_come_up()
    {
        await using var deployment = await Deployment.CreateAsync(services);

        var hosts = await deployment.StartHostsAsync(5);

        var tokens = await hosts[0].SignUpAsync(1);
        var nodes = new HashSet<int>();
        foreach (var host in hosts)
        {
            await using var client = await host.ConnectAsync();
            Assert.True(nodes.Add((await client.HelloAsync()).Node));
            await client.ResumeAsync(tokens[0]);
        }
        Assert.Single(await deployment.QueryAsync(0, "SELECT 1 FROM token_keys WHERE id <> 'code-key'"));
    }

    [Fact]
    public async Task A_host_that_was_stopped_gives_its_number_back()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        var first = await deployment.StartHostAsync("Cluster:NodeLease=00:10:00");
        Assert.Equal(0, await first.TerminateAsync());

        var second = await deployment.StartHostAsync();

        await using var client = await second.ConnectAsync();
        Assert.Equal(0, (await client.HelloAsync()).Node);
    }

    [Fact]
    public async Task Shards_in_another_order_or_fewer_of_them_are_refused_by_name()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        await (await deployment.StartHostAsync()).TerminateAsync();
        var cluster = deployment.Cluster;

        var swapped = cluster with { Shards = [cluster.Shards[1], cluster.Shards[0]] };
        Assert.Contains("it is shard 1 of 2", await RefusedAsync(swapped), StringComparison.Ordinal);

        var shorter = cluster with { Shards = [cluster.Shards[0]] };
        Assert.Contains("it is shard 0 of 2", await RefusedAsync(shorter), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_shard_that_can_not_be_reached_is_named(int shard)
    {
        await using var deployment = await Deployment.CreateAsync(services);
        await services.KillAsync(ClusterServices.NameOfShard(shard));

        Assert.Contains($"shard {shard} ", await RefusedAsync(deployment.Cluster), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Redis_hosts_come_up_and_swipe_and_the_index_is_built_once_there_is_one()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        await services.KillAsync(ClusterServices.NameOfRedis(0));
        var hosts = await deployment.StartHostsAsync(2);
        var tokens = await hosts[0].SignUpAsync(50);
        var clients = (await Task.WhenAll(hosts.Select(host => host.SignInAsync(tokens)))).SelectMany(ofHost => ofHost).ToArray();
        var ledger = new SwipeLedger();
        var storm = new SwipeStorm(ledger, clients, seed: 1);
        storm.Start();
        await storm.AnswersAsync(500);

        await services.HealAsync();
        await storm.AnswersAsync(500);
        await storm.StopAsync();

        Assert.True(storm.Unavailable == 0, $"{storm.Unavailable} were refused: {storm.Refusal}");
        await deployment.VerifyAsync(ledger, clients);
        await clients.DisposeAllAsync();
    }

    [Fact]
    public async Task A_host_of_32_shards_needs_no_thread_a_shard()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        await deployment.AddShardsAsync(32);
        var host = await deployment.StartHostAsync();
        var tokens = await host.SignUpAsync(64);
        await Task.WhenAll((await host.SignInAsync(tokens)).Select(async client =>
        {
            await using (client)
                await client.DeckAsync();
        }));

        // Those that were started because the machine was too busy end.
        var names = ThreadsOf(host.Id);
        for (var patience = TimeSpan.FromMinutes(1); names.Count > 40 && patience > TimeSpan.Zero; patience -= TimeSpan.FromSeconds(1))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            names = ThreadsOf(host.Id);
        }

        Assert.True(names.Count <= 40, string.Join(", ", names.GroupBy(name => name).Select(kind => $"{kind.Count()} {kind.Key}")));
    }

    private static List<string> ThreadsOf(int process) =>
        [.. Directory.GetDirectories($"/proc/{process}/task").Select(thread => File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd())];

    private static async Task<string> RefusedAsync(ClusterSettings cluster)
    {
        using var data = new ScratchFolder("end-to-end");
        var (exitCode, _, errors) = await TestHost.RunAsync(
            cluster, "--environment", "Development", "--data", data, "--port", "0", "--tls-port", "0");
        Assert.Equal(1, exitCode);
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
