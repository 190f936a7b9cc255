using Swiper.Client;
using Swiper.Local.Hosts;
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

        using var host = await StartHostAsync(data.Path);
        Assert.Equal(50, (await UidsAsync(host, tokens)).Count);
    }

    [Fact]
    public async Task Tokens_for_a_cluster_sign_in_on_its_hosts_those_that_run_already_among_them()
    {
        using var data = new TemporaryFolder();
        await using var services = await ThrowawayServices.StartAsync("tests", shards: 2, redisCluster: false, TestContext.Current.CancellationToken);
        using var host = await StartHostAsync(data.Path, services.Cluster);

        var run = await ToolRun.RunAsync(["robots", "--cluster", "--count", "50"], services.Cluster.Configure);

        Assert.True(run.ExitCode == 0, run.All);
        Assert.Equal(50, (await UidsAsync(host, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).Count);
    }

    [Fact]
    public async Task A_cluster_that_nobody_named_is_asked_for()
    {
        var run = await ToolRun.RunAsync("robots", "--cluster", "--count", "1");

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("swiper: Cluster:Shards: ", run.Errors);
        Assert.Contains("swiper: Cluster:Redis: ", run.Errors);
    }

    [Fact]
    public async Task Options_that_are_wrong_are_told_on_standard_error_a_line_each()
    {
        var run = await ToolRun.RunAsync("robots", "--count", "0", "--tokns", "file");

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("swiper: ", line));
        Assert.Contains("swiper: --count: at least 1", lines);
        Assert.Contains(lines, line => line.Contains("--tokns", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_a_host_uses_is_refused_in_one_line()
    {
        using var data = new TemporaryFolder();
        using var host = await StartHostAsync(data.Path);

        var run = await ToolRun.RunAsync("robots", "--count", "1", "--data", data.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        var line = Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("swiper: ", line);
        Assert.Contains(data.Path, line);
    }

    private static Task<HostChild> StartHostAsync(string data, ClusterSettings? cluster = null) =>
        HostChild.StartAsync(
            new HostPlan(HostPlan.BesideThisProgram, data) { Cluster = cluster, Settings = [ClusterSettings.LongDeadline] },
            TestContext.Current.CancellationToken);

    private static async Task<HashSet<long>> UidsAsync(HostChild host, IEnumerable<string> tokens)
    {
        await using var client = await SwiperClient.ConnectAsync(
            new SwiperClientOptions { Host = host.EndPoint.Address.ToString(), Port = host.EndPoint.Port, UseTls = false, Reconnect = false });
        var uids = new HashSet<long>();
        foreach (var token in tokens)
            uids.Add((await client.ResumeAsync(token, cancellationToken: TestContext.Current.CancellationToken)).Uid);
        return uids;
    }
}
