using System.Diagnostics;
using Swiper.Load.Commands;
using Swiper.Load.Reports;
using Swiper.Load.Running;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.Load.Tests.Commands;

/// <summary>Runs the built program as a user does.</summary>
public sealed class LoadCommandTests(SharedServer shared) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ScratchFolder _folder = new("load-tests");

    private string Report => _folder.File("report");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_keeps_to_its_thresholds_exits_with_0_and_leaves_a_report()
    {
        var run = await OnSharedServerAsync("echo", "--profile", await ProfileAsync("""{ "onlyExpectedCodes": true }"""));

        Assert.True(run.ExitCode == ExitCode.Passed, run.All);
        var report = JsonReport.Read(await File.ReadAllTextAsync(Path.Combine(Report, "report.json")));
        Assert.True(report.Passed);
        Assert.StartsWith("./swiper load echo --server ", report.Setting.Command);
        Assert.Contains(Path.Combine(Report, "report.html"), run.Output);
    }

    [Fact]
    public async Task A_missed_threshold_exits_with_1_and_is_told()
    {
        var run = await OnSharedServerAsync("echo", "--profile", await ProfileAsync("""{ "minRate": 1e9 }"""));

        Assert.True(run.ExitCode == ExitCode.ThresholdMissed, run.All);
        Assert.Contains("missed  rate >= 1,000,000,000 a second", run.Output);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_and_exits_with_2()
    {
        var run = await RunAsync(["ecko", "--profile", "none", "--server", "somewhere", "--duration", "abc", "--cluster"]);

        Assert.Equal(ExitCode.WrongOptions, run.ExitCode);
        Assert.Equal(5, run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Count(line => line.StartsWith("swiper: ", StringComparison.Ordinal)));
        foreach (var wrong in (string[])["ecko", "none", "somewhere", "abc", "--cluster"])
            Assert.Contains(wrong, run.Errors);
    }

    [Theory]
    [InlineData("an option that there is not", "echo", "--sped", "3")]
    [InlineData("no scenario at all")]
    [InlineData("a value out of bounds", "echo", "--connections", "0")]
    [InlineData("no tokens for a running server", "ping", "--server", "127.0.0.1:1")]
    [InlineData("no outbox for a running server", "login-storm", "--server", "127.0.0.1:1")]
    [InlineData("tokens without a server", "ping", "--tokens", "x")]
    [InlineData("a folder for the report that can't be made", "echo", "--report", "/proc/none")]
    public async Task Wrong_options_exit_with_2(string what, params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.True(run.ExitCode == ExitCode.WrongOptions, $"{what}: {run.All}");
        Assert.StartsWith("swiper: ", run.Errors);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("127.0.0.1:1 refused", "--server", "127.0.0.1:1")]
    [InlineData("no host at '/nowhere'", "--host", "/nowhere")]
    public async Task A_run_that_could_not_be_made_exits_with_3_and_one_line(string what, params string[] options)
    {
        var run = await RunAsync(["echo", "--report", Report, .. options]);
        Assert.True(run.ExitCode == ExitCode.CouldNotRun, $"{what}: {run.All}");
        Assert.StartsWith("swiper: ", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task An_outbox_that_the_server_does_not_write_to_exits_with_3_and_one_line()
    {
        var server = shared.Server.EndPoint;
        var run =
            await RunAsync(["login-storm", "--server", $"{server.Host}:{server.Port}", "--outbox", _folder.Path, "--report", Report]);
        Assert.True(run.ExitCode == ExitCode.CouldNotRun, run.All);
        Assert.StartsWith("swiper: no code for ", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task A_fault_of_the_runner_exits_with_3_and_not_like_a_missed_threshold() =>
        Assert.Equal(ExitCode.CouldNotRun,
            await LoadCommand.RunAsync(["echo", "--server", "127.0.0.1:1", "--report", Report], new FaultyRunner()));

    [Fact]
    public async Task A_run_that_is_interrupted_exits_with_130_says_so_and_still_leaves_its_report()
    {
        var run = await RunAsync(
            [.. OnShared("ping"), "--processes", "2", "--duration", "600", "--warm-up", "0"], whenItSays: " of 10:00", signal: "INT");

        Assert.True(run.ExitCode == ExitCode.Interrupted, run.All);
        Assert.Contains("The run was interrupted after ", run.Output);
        var report = JsonReport.Read(await File.ReadAllTextAsync(Path.Combine(Report, "report.json")));
        Assert.InRange(report.Seconds, 1, 300);
        Assert.True(report.Interrupted);
    }

    [Fact]
    public async Task Help_and_list_exit_with_0()
    {
        Assert.Equal(ExitCode.Passed, (await RunAsync(["--help"])).ExitCode);
        var list = await RunAsync(["--list"]);
        Assert.Equal(ExitCode.Passed, list.ExitCode);
        Assert.Contains("thundering-herd", list.Output);
        Assert.Contains("--profile steady", list.Output);
    }

    // In one second.
    private async Task<string> ProfileAsync(string thresholds)
    {
        var profile = _folder.File("profile.json");
        await File.WriteAllTextAsync(profile,
            $$"""{ "default": { "warmUpSeconds": 0, "durationSeconds": 1, "thresholds": {{thresholds}} } }""");
        return profile;
    }

    private Task<ProgramRun> OnSharedServerAsync(params string[] arguments) => RunAsync([.. OnShared(arguments[0]), .. arguments[1..]]);

    private string[] OnShared(string scenario)
    {
        var tokens = _folder.File("tokens.txt");
        File.WriteAllLines(tokens, shared.Server.Tokens);
        return [scenario, "--server", $"{shared.Server.EndPoint.Host}:{shared.Server.EndPoint.Port}", "--tokens", tokens, "--report",
            Report];
    }

    private static Task<ProgramRun> RunAsync(string[] arguments, string? whenItSays = null, string? signal = null) => ProgramRun.OfAsync(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Swiper.Load.dll"), .. arguments]), Patience,
        (process, line) =>
        {
            if (whenItSays is null || !line.Contains(whenItSays, StringComparison.Ordinal))
                return;
            whenItSays = null;
            Signals.Send(signal!, process);
        });

    private sealed class FaultyRunner : ILoadRunner
    {
        public Task<int> RunAsync(LoadPlan plan, string reportFolder, CancellationToken stop) =>
            throw new InvalidOperationException("a fault");
    }
}
