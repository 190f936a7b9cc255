using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Cluster;

/// <summary>
/// A cluster is brought from the previous release, whose commit is in deploy/previous-release, to this one, host by host. CONTRIBUTING.md
/// says what a migration may do, so that this works.
/// </summary>
[Collection<OnServices>]
public sealed class PreviousReleaseTests(ClusterServices services)
{
    private const int Hosts = 2;
    private const int People = 2_000;
    private const int AnswersBetween = 2_000;

    [Fact]
    public async Task Its_hosts_and_those_of_this_one_serve_the_same_users_side_by_side()
    {
        var previous = await BuildAsync();
        await using var deployment = await Deployment.CreateAsync(services);
        var tokens = await MakeRobotsAsync(deployment, previous);
        var ports = FreePorts.Find(Hosts);
        var hosts = await Task.WhenAll(Enumerable.Range(ports, Hosts).Select(port => StartAsync(port, previous)));
        await using var users = await UnawareUsers.ArriveAsync([.. hosts.Select(host => host.EndPoint)], tokens);
        for (var host = 0; host < Hosts; host++)
        {
            await users.AnswersAsync(AnswersBetween);
            Assert.Equal(0, await hosts[host].TerminateAsync());
            hosts[host] = await StartAsync(ports + host, HostPlan.BesideThisProgram);
        }
        await users.AnswersAsync(AnswersBetween);
        // The previous release does not say what it has not read, and a rewind must not be repeated without knowing.
        await users.StopAsync(except: "rewind: -1");

        await deployment.SettledAsync();
        await users.VerifyAsync(await deployment.ReadTruthAsync());

        Task<ChildHost> StartAsync(int port, string program) => deployment.StartHostAsync(program, [$"Listen:Port={port}"]);
    }

    /// <summary>Makes the databases as the previous release does, and then people in them.</summary>
    private static async Task<string[]> MakeRobotsAsync(Deployment deployment, string previous)
    {
        var host = await deployment.StartHostAsync(previous, []);
        var tokens = await host.SignUpAsync(People);
        Assert.Equal(0, await host.TerminateAsync());
        return tokens;
    }

    private static async Task<string> BuildAsync()
    {
        Assert.SkipUnless(Path.Exists(Repository.PathOf(".git")), "no clone: the previous release can't be built without its history");
        var run = await ProgramRun.OfAsync("bash", [Repository.PathOf("deploy", "previous-release.sh")]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output.Trim();
    }
}
