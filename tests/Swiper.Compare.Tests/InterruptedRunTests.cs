using System.Diagnostics;
using Swiper.Local;

namespace Swiper.Compare.Tests;

public sealed class InterruptedRunTests
{
    [Fact]
    public async Task An_interrupted_run_leaves_no_server_and_no_store_behind()
    {
        await using var run = await EndlessRun.StartAsync("--filter", "echo 64x1 / SignalR");
        var servers = Children(run.Id);
        var store = servers.Select(DataFolder).OfType<string>().Single(Directory.Exists);

        await run.InterruptAsync();

        Assert.Equal(2, servers.Length);
        Assert.DoesNotContain(servers, server => Directory.Exists($"/proc/{server}"));
        Assert.False(Directory.Exists(store));
    }

    [Fact]
    public async Task An_interrupted_run_on_a_cluster_leaves_no_database_behind()
    {
        var others = ServiceFolders();
        await using var run = await EndlessRun.StartAsync("--cluster", "--filter", "64x16 / bare MySQL, 1");
        var services = Assert.Single(ServiceFolders().Except(others));
        var processes = Directory.GetFiles(services, "*.pid").Select(file => File.ReadAllText(file).Trim()).ToArray();

        await run.InterruptAsync();

        Assert.Equal(4, processes.Length);
        Assert.DoesNotContain(processes, process => Directory.Exists($"/proc/{process}/cwd"));
        Assert.False(Directory.Exists(services));
    }

    // In a fresh checkout the outer folder does not exist yet.
    private static string[] ServiceFolders() =>
    [
        .. Directory.CreateDirectory(Repository.PathOf(".swiper")).GetDirectories("compare-*").Select(folder => folder.FullName)
            .Where(folder => File.Exists(Path.Combine(folder, "mysql-0.pid"))),
    ];

    // The argument after --data.
    private static string? DataFolder(int server) =>
        File.ReadAllText($"/proc/{server}/cmdline").Split('\0').SkipWhile(argument => argument != "--data").ElementAtOrDefault(1);

    private static int[] Children(int process) =>
        [.. Process.GetProcesses().Select(other => other.Id).Where(other => IsChild(other, process))];

    private static bool IsChild(int process, int parent)
    {
        try
        {
            return File.ReadAllLines($"/proc/{process}/status").Contains($"PPid:\t{parent}");
        }
        catch (IOException)
        {
            // It has exited in the meantime.
            return false;
        }
    }
}
