using Swiper.Client;

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
        await using var client = await host.ConnectAsync();
        var uids = new HashSet<long>();
        foreach (var token in tokens)
            uids.Add((await client.ResumeAsync(token, cancellationToken: TestContext.Current.CancellationToken)).Uid);
        Assert.Equal(50, uids.Count);
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
}
