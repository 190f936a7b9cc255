using Swiper.EndToEnd.Running;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Cluster;

/// <summary>
/// Three hosts are restarted one after the other, as for a new version, while people use them: one by SIGHUP, the others by stopping and
/// starting them. SWIPER_RESTARTS says how many times all of them are.
/// </summary>
[Collection<OnServices>]
public sealed class RollingRestartTests(ClusterServices services)
{
    private const int Hosts = 3;
    private const int People = 2_000;

    // Enough for everybody to have found a connection again.
    private const int AnswersBetween = 2_000;

    [Fact]
    public async Task Nobody_notices_that_all_hosts_are_restarted_one_by_one()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        var tokens = await deployment.MakeRobotsAsync(People);
        var ports = FreePorts.Find(Hosts);
        var hosts = await Task.WhenAll(Enumerable.Range(ports, Hosts).Select(StartAsync));
        await using var users = await UnawareUsers.ArriveAsync([.. hosts.Select(host => host.EndPoint)], tokens);
        for (var round = Budget.Of("SWIPER_RESTARTS", 1); round > 0; round--)
        {
            for (var host = 0; host < Hosts; host++)
            {
                await users.AnswersAsync(AnswersBetween);
                if (host == round % Hosts)
                {
                    var (replaced, before) = (hosts[host], hosts[host].Id);
                    replaced.HangUp();
                    await Eventually.HoldsAsync(() => replaced.Id != before, "another process serves");
                    continue;
                }
                Assert.Equal(0, await hosts[host].TerminateAsync());
                hosts[host] = await StartAsync(ports + host);
            }
        }
        await users.AnswersAsync(AnswersBetween);
        await users.StopAsync();

        await deployment.SettledAsync();
        await users.VerifyAsync(await deployment.ReadTruthAsync());

        Task<ChildHost> StartAsync(int port) => deployment.StartHostAsync(
            $"Listen:Port={port}", "Cluster:RedisDeadline=00:00:20");
    }
}
