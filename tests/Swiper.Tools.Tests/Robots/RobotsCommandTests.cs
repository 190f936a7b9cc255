using System.CommandLine;
using Swiper.Client;
using Swiper.Local.Hosts;
using Swiper.Local.Services;
using Swiper.Tools.Robots;

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
        await using var services =
            await ThrowawayServices.StartAsync("tests", shards: 2, redisCluster: false, TestContext.Current.CancellationToken);
        using var host = await StartHostAsync(data.Path, services.Cluster);

        var run = await ToolRun.RunAsync(["robots", "--cluster", "--count", "50"], services.Cluster.Configure);

        Assert.True(run.ExitCode == 0, run.All);
        Assert.Equal(50, (await UidsAsync(host, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).Count);
    }

    [Fact]
    public async Task A_cluster_that_nobody_named_is_asked_for()
    {
        var run = await ToolRun.RunAsync("robots", "--cluster", "--count", "1");

        Assert.Equal(78, run.ExitCode);
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

    [Theory]
    [InlineData("swiper: --count: 'abc' is not a whole number in range", "--count", "abc")]
    [InlineData("swiper: --lat: 100 is not between -90 and 90", "--count", "1", "--lat", "100")]
    [InlineData("swiper: --lat: NaN is not between -90 and 90", "--count", "1", "--lat", "NaN")]
    [InlineData("swiper: --lon: -181 is not between -180 and 180", "--count", "1", "--lon", "-181")]
    [InlineData("swiper: --radius: -1 is not between 0 and 20000", "--count", "1", "--radius", "-1")]
    [InlineData("swiper: --tokens: folder '/nowhere' does not exist", "--count", "1", "--tokens", "/nowhere/tokens.txt")]
    [InlineData("swiper: --set Storage: expected KEY=VALUE", "--count", "1", "--set", "Storage")]
    public async Task What_is_wrong_is_told_in_one_line_and_nobody_is_made(string problem, params string[] options)
    {
        using var parent = new TemporaryFolder();
        var data = parent.File("data");

        var run = await ToolRun.RunAsync(["robots", "--data", data, .. options]);

        Assert.Equal((2, problem, ""), (run.ExitCode, run.Errors.Trim(), run.Output));
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task A_setting_of_the_host_that_is_wrong_has_the_exit_code_of_the_host()
    {
        using var data = new TemporaryFolder();

        var run = await ToolRun.RunAsync("robots", "--count", "1", "--data", data, "--set", "Storage:Shard=1");

        Assert.Equal((78, "swiper: Storage:Shard: no such option", ""), (run.ExitCode, run.Errors.Trim(), run.Output));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tokens_in_a_file_are_for_the_eyes_of_its_owner_whatever_was_there(bool wasThere)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no such modes");
        using var folder = new TemporaryFolder();
        var file = folder.File("tokens.txt");
        if (wasThere)
        {
            folder.Write("tokens.txt", new string('x', 10_000));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        var run = await ToolRun.RunAsync("robots", "--count", "3", "--data", folder.File("data"), "--tokens", file);

        Assert.True(run.ExitCode == 0, run.All);
        Assert.Empty(run.Output);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(3, (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Distinct().Count());
    }

    [Fact]
    public async Task Tokens_that_a_disk_has_no_room_for_are_one_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no /dev/full");
        using var data = new TemporaryFolder();
        var mode = OperatingSystem.IsLinux() ? File.GetUnixFileMode("/dev/full") : default;

        var run = await ToolRun.RunAsync("robots", "--count", "3", "--data", data, "--tokens", "/dev/full");

        Assert.True(run.ExitCode == 1, run.All);
        Assert.StartsWith("swiper: ", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        if (OperatingSystem.IsLinux())
            Assert.Equal(mode, File.GetUnixFileMode("/dev/full"));
    }

    [Fact]
    public void The_folder_that_is_filled_is_that_of_run_wherever_one_stands()
    {
        var command = RobotsCommand.Create();
        var data = (Option<string>)command.Options.Single(option => option.Name == "--data");

        Assert.Equal(SharedFiles.InRepository("data"), command.Parse("--count 1").GetValue(data));
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

    private static Task<ChildHost> StartHostAsync(string data, ClusterSettings? cluster = null) =>
        ChildHost.StartAsync(
            new HostPlan(HostPlan.BesideThisProgram, data) { Cluster = cluster, Settings = [ClusterSettings.LongDeadline] },
            TestContext.Current.CancellationToken);

    private static async Task<HashSet<long>> UidsAsync(ChildHost host, IEnumerable<string> tokens)
    {
        await using var client = await SwiperClient.ConnectAsync(
            new SwiperClientOptions
            {
                Host = host.EndPoint.Address.ToString(),
                Port = host.EndPoint.Port,
                UseTls = false,
                Reconnect = false,
            });
        var uids = new HashSet<long>();
        foreach (var token in tokens)
            uids.Add((await client.ResumeAsync(token, cancellationToken: TestContext.Current.CancellationToken)).Uid);
        return uids;
    }
}
