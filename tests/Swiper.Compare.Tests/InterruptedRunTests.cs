using System.Diagnostics;
using System.Globalization;

namespace Swiper.Compare.Tests;

public sealed class InterruptedRunTests
{
    [Fact]
    public async Task An_interrupted_run_leaves_no_server_and_no_store_behind()
    {
        using var run = CompareProgram.Start("--rounds", "100", "--seconds", "1", "--robots", "200", "--filter", "echo 64x1 / SignalR");
        string? line;
        while ((line = await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)) != "round 1 of 100")
            Assert.NotNull(line);
        var servers = Children(run.Id);
        var store = servers.Select(DataFolder).OfType<string>().Single(Directory.Exists);

        using (var kill = Process.Start("kill", ["-s", "TERM", $"{run.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(143, run.ExitCode);
        Assert.Equal(2, servers.Length);
        Assert.DoesNotContain(servers, server => Directory.Exists($"/proc/{server}"));
        Assert.False(Directory.Exists(store));
    }

    // The argument after --data.
    private static string? DataFolder(int server) =>
        File.ReadAllText($"/proc/{server}/cmdline").Split('\0').SkipWhile(argument => argument != "--data").ElementAtOrDefault(1);

    private static int[] Children(int process) =>
    [
        .. Directory.GetDirectories($"/proc/{process}/task").SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
    ];
}
