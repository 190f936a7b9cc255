using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Cluster;

/// <summary>Redis dies, hangs, or is emptied, alone or together with a host.</summary>
[Collection<OnFailingServices>]
public sealed class RedisFaultTests(ClusterServices services)
{
    private const int People = 100;

    [Fact]
    public Task Killed_and_back_empty() => RedisFault.RunAsync(
        services,
        hurt: (_, _) => services.KillAsync(ClusterServices.NameOfRedis(0)),
        heal: services.HealAsync);

    [Fact]
    public Task Hung_for_a_while() => RedisFault.RunAsync(
        services,
        hurt: async (hosts, _) =>
        {
            services.Suspend(ClusterServices.NameOfRedis(0));
            await Eventually.HoldsAsync(() =>
                hosts.All(host => host.Output.Contains("does not answer", StringComparison.Ordinal)), "the hosts have noticed");
        },
        heal: () =>
        {
            services.Resume(ClusterServices.NameOfRedis(0));
            return Task.CompletedTask;
        });

    [Fact]
    public async Task Silent_for_one_of_two_hosts()
    {
        using var proxy = new SilentProxy(services.RedisPort, "EVAL"u8.ToArray(), "SCRIPT"u8.ToArray(), "PUBLISH"u8.ToArray());
        await RedisFault.RunAsync(
            services,
            hurt: async (hosts, _) =>
            {
                proxy.SwallowNewOnes(Way.Both);
                proxy.Swallow(Way.Both);
                await Eventually.HoldsAsync(
                    () => Has(hosts[0], "this host applies them instead"), "the other host stands in for this one");
                await Eventually.HoldsAsync(() => Has(hosts[1], "replacing the client"), "this one has tried a fresh client");
            },
            heal: () =>
            {
                proxy.SwallowNewOnes(Way.None);
                // It gets through by itself: the index could not be verified through it else, nor its boards be read.
                return Task.CompletedTask;
            },
            $"Cluster:Redis={proxy.Address}");

        static bool Has(ChildHost host, string line) => host.Output.Contains(line, StringComparison.Ordinal);
    }

    [Fact]
    public Task Emptied_again_and_again() => RedisFault.RunAsync(
        services,
        hurt: (_, _) => services.EmptyRedisAsync(),
        heal: services.EmptyRedisAsync);

    [Fact]
    public async Task What_the_index_had_not_heard_of_when_its_host_was_killed_it_hears_once_from_another()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        var host = await deployment.StartHostAsync();
        var tokens = await host.SignUpAsync(People);
        var clients = await host.SignInAsync(tokens);
        var ledger = new SwipeLedger();
        var storm = new SwipeStorm(ledger, clients, seed: 1);
        storm.Start();
        await storm.AnswersAsync(500);

        services.Suspend(ClusterServices.NameOfRedis(0));
        await storm.AnswersAsync(1_000);
        for (var shard = 0; shard < ClusterServices.Shards; shard++)
        {
            await Eventually.HoldsAsync(
                async () => (await deployment.QueryAsync(shard, "SELECT batch FROM journal WHERE answered = 1 LIMIT 1")).Count == 1,
                $"shard {shard} has what the index is to hear of");
        }
        await host.KillAsync();
        await storm.EndAsync();
        await clients.DisposeAllAsync();
        services.Resume(ClusterServices.NameOfRedis(0));

        var another = await deployment.StartHostAsync();
        var again = await another.SignInAsync(tokens);
        await deployment.VerifyAsync(ledger, again);
        await again.DisposeAllAsync();
    }
}
