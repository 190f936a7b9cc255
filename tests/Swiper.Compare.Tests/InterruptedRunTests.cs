using System.Diagnostics;
using System.Globalization;
using Swiper.Local;

namespace Swiper.Compare.Tests;

public sealed class InterruptedRunTests
{
    [Fact]
    public async Task An_interrupted_run_leaves_no_server_and_no_store_behind()
    {
        using var run = await StartAsync("--filter", "echo 64x1 / SignalR");
        var servers = Children(run.Id);
        var store = servers.Select(DataFolder).OfType<string>().Single(Directory.Exists);

        await InterruptAsync(run);

        Assert.Equal(2, servers.Length);
        Assert.DoesNotContain(servers, server => Directory.Exists($"/proc/{server}"));
        Assert.False(Directory.Exists(store));
    }

    [Fact]
    public async Task An_interrupted_run_on_a_cluster_leaves_no_database_behind()
    {
        var others = ServiceFolders();
        using var run = await StartAsync("--cluster", "--filter", "64x16 / bare MySQL, 1");
        var services = Assert.Single(ServiceFolders().Except(others));
        var processes = Directory.GetFiles(services, "*.pid").Select(file => File.ReadAllText(file).Trim()).ToArray();

        await InterruptAsync(run);

        Assert.Equal(4, processes.Length);
        Assert.DoesNotContain(processes, process => Directory.Exists($"/proc/{process}/cwd"));
        Assert.False(Directory.Exists(services));
    }

    private static async Task<Process> StartAsync(params string[] options)
    {
        var run = CompareProgram.Start(["--rounds", "100", "--seconds", "1", "--robots", "200", .. options]);
        string? line;
        while ((line = await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)) != "round 1 of 100")
            Assert.NotNull(line);
        return run;
    }

    private static async Task InterruptAsync(Process run)
    {
        using var kill = Process.Start("kill", ["-s", "TERM", $"{run.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(143, run.ExitCode);
    }

    private static string[] ServiceFolders() =>
        [.. Directory.GetDirectories(Repository.PathOf(".swiper"), "compare-*").Where(folder => File.Exists(Path.Combine(folder, "mysql-0.pid")))];

    // The argument after --data.
    private static string? DataFolder(int server) =>
        File.ReadAllText($"/proc/{server}/cmdline").Split('\0').SkipWhile(argument => argument != "--data").ElementAtOrDefault(1);

    private static int[] Children(int process) =>
    [
        .. Directory.GetDirectories($"/proc/{process}/task").SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
    ];
}
