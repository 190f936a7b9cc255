using Swiper.Client;
using Swiper.Local.Services;

namespace Swiper.Tools.Tests.Robots;

public sealed class RobotsCommandTests
{
    [Fact]
    public async Task Every_printed_token_signs_somebody_else_in()
    {
        using var data = new TemporaryFolder();
        var run = await ToolRun.RunAsync("robots", "--count", "50", "--data", data.Path);
        Assert.True(run.ExitCode == 0, run.All);
        var tokens = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(50, tokens.Distinct().Count());

        await using var host = await RunningHost.StartAsync(data.Path);
        Assert.Equal(50, (await UidsAsync(host, tokens)).Count);
    }

    [Fact]
    public async Task Tokens_for_a_cluster_sign_in_on_its_hosts_those_that_run_already_among_them()
    {
        using var data = new TemporaryFolder();
        await using var services = await ThrowawayServices.StartAsync("tests", shards: 2, redisCluster: false, TestContext.Current.CancellationToken);
        await using var host = await RunningHost.StartAsync(data.Path, services);

        var run = await ToolRun.RunAsync(["robots", "--cluster", "--count", "50"], start => services.Configure(start));

        Assert.True(run.ExitCode == 0, run.All);
        Assert.Equal(50, (await UidsAsync(host, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).Count);
    }

    [Fact]
    public async Task A_cluster_that_nobody_named_is_asked_for()
    {
        var run = await ToolRun.RunAsync("robots", "--cluster", "--count", "1");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("swiper: Cluster:Shards: ", run.Errors);
        Assert.Contains("swiper: Cluster:Redis: ", run.Errors);
    }

    [Fact]
    public async Task A_folder_that_a_host_uses_is_refused_in_one_line()
    {
        using var data = new TemporaryFolder();
        await using var host = await RunningHost.StartAsync(data.Path);

        var run = await ToolRun.RunAsync("robots", "--count", "1", "--data", data.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        var line = Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("swiper: ", line);
        Assert.Contains(data.Path, line);
    }

    private static async Task<HashSet<long>> UidsAsync(RunningHost host, IEnumerable<string> tokens)
    {
        await using var client = await host.ConnectAsync();
        var uids = new HashSet<long>();
        foreach (var token in tokens)
            uids.Add((await client.ResumeAsync(token, cancellationToken: TestContext.Current.CancellationToken)).Uid);
        return uids;
    }
}
