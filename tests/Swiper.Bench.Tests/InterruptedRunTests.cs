using System.Diagnostics;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.Bench.Tests;

public sealed class InterruptedRunTests
{
    private const int Terminated = 143;

    [Fact]
    public async Task An_interrupted_run_leaves_no_store_behind()
    {
        using var watcher = new FileSystemWatcher(Directory.CreateDirectory(Repository.PathOf(".swiper")).FullName, "bench-*");
        var made = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, folder) => made.TrySetResult(folder.FullPath);
        watcher.EnableRaisingEvents = true;
        using var run = new ChildProcess(new ProcessStartInfo(
            "dotnet", [Repository.ProgramOf("bench", "Swiper.Bench"), "--quick", "--filter", "*EmbeddedRepositoryBenchmarks*"]));

        await Task.WhenAny(made.Task, run.Ended).WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(made.Task.IsCompleted, $"the run ended before it had a store\n{string.Join('\n', run.Lines)}");
        Signals.Send("TERM", run.Id);
        var exitCode = await run.Ended.WaitAsync(TestContext.Current.CancellationToken);

        Assert.True(exitCode == Terminated, $"exit code {exitCode}\n{string.Join('\n', run.Lines)}");
        Assert.False(Directory.Exists(await made.Task));
    }
}
