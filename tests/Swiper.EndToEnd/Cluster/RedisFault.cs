using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Cluster;

/// <summary>
/// Something befalls Redis under load from two hosts. No swipe is refused for it, decks and likes go on, and the index mends itself.
/// SWIPER_FAULTS says how often in a row.
/// </summary>
internal static class RedisFault
{
    private const int People = 100;

    public static async Task RunAsync(
        ClusterServices services, Func<ChildHost[], Moments, Task> hurt, Func<Task> heal, params string[] settingsOfTheSecond)
    {
        var moments = new Moments();
        await using var deployment = await Deployment.CreateAsync(services);
        var hosts = await Task.WhenAll(deployment.StartHostAsync(), deployment.StartHostAsync(settingsOfTheSecond));
        var tokens = await hosts[0].SignUpAsync(People);
        var clients = (await Task.WhenAll(hosts.Select(host => host.SignInAsync(tokens)))).SelectMany(ofHost => ofHost).ToArray();
        var ledger = new SwipeLedger();
        var storm = new SwipeStorm(ledger, clients, moments.Seed);
        storm.Start();
        for (var faults = Budget.Of("SWIPER_FAULTS", 1); faults > 0; faults--)
        {
            await storm.AnswersAsync(moments.Next(100, 2_000));
            await hurt(hosts, moments);
            await storm.AnswersAsync(1_000);
            foreach (var reader in new[] { clients[0], clients[^1] })
            {
                await reader.DeckAsync();
                await reader.LikedMeAsync();
            }
            await heal();
        }
        await storm.AnswersAsync(1_000);
        await storm.StopAsync();

        Assert.True(storm.Unavailable == 0, $"{storm.Unavailable} were refused: {storm.Refusal}");
        await deployment.VerifyAsync(ledger, clients);
        await clients.DisposeAllAsync();
    }
}
