using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Swiper.Local.Processes;

namespace Swiper.Tools.Tests.Demo;

public sealed partial class DemoCommandTests
{
    [Fact]
    public async Task Robots_match_and_replies_agree_with_pushes()
    {
        var run = await ToolRun.RunAsync("demo", "--robots", "20", "--seconds", "2");

        Assert.True(run.ExitCode == 0, run.All);
        Assert.Empty(run.Errors);
        var sums = Sums().Match(run.Output);
        Assert.True(sums.Success, run.All);
        var matches = Number(sums.Groups["matches"]);
        Assert.True(matches > 0, run.All);
        Assert.Equal(2 * matches, Number(sums.Groups["pushes"]));
        Assert.Matches(@"swipes\s+[1-9]", run.Output);
        Assert.Matches(@"requests\s+[1-9][\d,]* a second", run.Output);
        Assert.Matches(@"errors\s+none", run.Output);
        Assert.Contains("Some matches", run.Output);
        Assert.Contains("Hot", run.Output);
        Assert.DoesNotContain("\e[", run.Output);
    }

    // With so few robots all may be of one sex, or no one may match.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_few_robots_there_are_they_have_somebody_to_meet(int robots)
    {
        var run = await ToolRun.RunAsync("demo", "--robots", $"{robots}", "--seconds", "1");

        Assert.True(run.ExitCode == 0, run.All);
        Assert.Empty(run.Errors);
        Assert.Contains($"{robots / 2} women and {robots - robots / 2} men have signed in", run.Output);
        Assert.Matches(@"swipes\s+[1-9]", run.Output);
    }

    [Theory]
    [InlineData("swiper: --seconds: 'abc' is not a whole number in range", "--seconds", "abc")]
    [InlineData("swiper: --seconds: at least 1", "--seconds", "0")]
    [InlineData("swiper: --robots: at least 2", "--robots", "1")]
    [InlineData("swiper: --robots: '99999999999' is not a whole number in range", "--robots", "99999999999")]
    public async Task A_number_that_is_wrong_is_told_in_one_line(string problem, params string[] options)
    {
        var run = await ToolRun.RunAsync(["demo", .. options]);

        Assert.Equal((2, problem, ""), (run.ExitCode, run.Errors.Trim(), run.Output));
    }

    [Fact]
    public async Task Nothing_is_left_of_the_host()
    {
        var run = await ToolRun.RunAsync("demo", "--robots", "4", "--seconds", "1");

        AssertNothingIsLeft(run);
    }

    [Theory]
    [InlineData("A host listens")]
    [InlineData("have signed in")]
    public async Task A_demo_that_is_stopped_cleans_up(string whenItSays)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no signals");
        // Ctrl+C takes the same path; but children ignore SIGINT if a shell started these tests in the background.
        var run = await ToolRun.RunAsync(["demo", "--seconds", "60"], whenItSays, "TERM");

        Assert.True(run.ExitCode == 130, run.All);
        Assert.Equal("swiper: interrupted", run.Errors.Trim());
        AssertNothingIsLeft(run);
    }

    [Fact]
    public async Task A_demo_on_a_cluster_ends_its_servers_and_deletes_them()
    {
        // Other tests check the errors of its robots.
        var run = await ToolRun.RunAsync("demo", "--cluster", "--robots", "2", "--seconds", "1");

        AssertNothingIsLeft(run);
        AssertNoServersAreLeft(run);
    }

    [Fact]
    public async Task So_does_one_that_is_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no signals");
        var run = await ToolRun.RunAsync(["demo", "--cluster", "--seconds", "60"], "It runs on", "TERM");

        Assert.True(run.ExitCode == 130, run.All);
        Assert.Equal("swiper: interrupted", run.Errors.Trim());
        AssertNothingIsLeft(run);
        AssertNoServersAreLeft(run);
    }

    [Fact]
    public async Task A_redis_cluster_without_the_cluster_is_refused()
    {
        var run = await ToolRun.RunAsync("demo", "--redis-cluster");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("swiper: --redis-cluster needs --cluster", run.Errors.Trim());
    }

    [Fact]
    public async Task A_host_that_does_not_start_is_quoted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the host that fails is a shell script");
        using var folder = new TemporaryFolder();
        var host = folder.Write("host", "#!/bin/sh\necho 'swiper: no luck today' >&2\nexit 3\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(host, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var run = await ToolRun.RunAsync("demo", "--host", host);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("swiper: the host exited with code 3: no luck today", run.Errors.Trim());
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_named()
    {
        var run = await ToolRun.RunAsync("demo", "--host", "/nowhere/Swiper.Host.dll");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("swiper: no host at '/nowhere/Swiper.Host.dll': build it, or choose another with --host", run.Errors.Trim());
    }

    private static void AssertNothingIsLeft(ProgramRun run)
    {
        var host = Host().Match(run.Output);
        Assert.True(host.Success, run.All);
        Assert.False(Directory.Exists(host.Groups["data"].Value), run.All);
        var id = int.Parse(host.Groups["id"].Value, CultureInfo.InvariantCulture);
        Assert.DoesNotContain(Process.GetProcesses(), process => process.Id == id);
    }

    // Output lines wrap at the width used for files.
    private static void AssertNoServersAreLeft(ProgramRun run)
    {
        var services = Services().Match(run.Output);
        Assert.True(services.Success, run.All);
        var folder = services.Groups["folder"].Value;
        Assert.False(Directory.Exists(folder), run.All);
        Assert.DoesNotContain(Process.GetProcesses(), process => WorkingFolderOf(process).StartsWith(folder, StringComparison.Ordinal));
    }

    private static string WorkingFolderOf(Process process)
    {
        try
        {
            return new FileInfo($"/proc/{process.Id}/cwd").LinkTarget ?? "";
        }
        // It has exited in the meantime, or belongs to another user.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static int Number(Group digits) => int.Parse(digits.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"matches\s+(?<matches>[\d,]+) in replies, (?<pushes>[\d,]+) pushes received: two per match, as expected")]
    private static partial Regex Sums();

    [GeneratedRegex(@"2 MySQL shards and Redis\s+\(in\s+(?<folder>[^)]+)\)")]
    private static partial Regex Services();

    [GeneratedRegex(@"\(process (?<id>\d+), data in (?<data>[^)]+)\)")]
    private static partial Regex Host();
}
