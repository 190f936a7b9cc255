using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;

namespace Swiper.EndToEnd.Cluster;

/// <summary>
/// SIGKILL to one of two hosts at random moments of a storm in which everybody is signed in on both and swipes on both at once.
/// SWIPER_KILLS says how often, SWIPER_SEED repeats a run.
/// </summary>
[Collection<OnServices>]
public sealed class HostKillTests(ClusterServices services)
{
    private const int People = 150;

    [Fact]
    public async Task What_a_killed_host_left_is_taken_up_by_the_other_and_done_once()
    {
        var kills = Budget.Of("SWIPER_KILLS", 3);
        var moments = new Moments();
        await using var deployment = await Deployment.CreateAsync(services);
        var hosts = await deployment.StartHostsAsync(2);
        var tokens = await hosts[0].SignUpAsync(People);
        var ledger = new SwipeLedger();
        for (var kill = 0; kill < kills; kill++)
        {
            var clients = await Task.WhenAll(hosts.Select(host => host.SignInAsync(tokens)));
            var storm = new SwipeStorm(ledger, [.. clients.SelectMany(ofHost => ofHost)], moments.Seed + kill);
            storm.Start();
            await storm.AnswersAsync(moments.Next(50, 3_000));
            var victim = moments.Next(0, 2);
            await hosts[victim].KillAsync();
            await storm.AnswersAsync(500);
            await storm.StopAsync();

            await deployment.VerifyAsync(ledger, clients[1 - victim]);
            await clients.SelectMany(ofHost => ofHost).DisposeAllAsync();
            hosts[victim] = await deployment.StartHostAsync();
        }
    }
}
