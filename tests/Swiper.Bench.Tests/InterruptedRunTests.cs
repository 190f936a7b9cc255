using System.Diagnostics;
using Swiper.Local;

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
        using var run = Process.Start(
            new ProcessStartInfo("dotnet",
                [Repository.ProgramOf("bench", "Swiper.Bench"), "--quick", "--filter", "*EmbeddedRepositoryBenchmarks*"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        try
        {
            var output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            if (await Task.WhenAny(made.Task, run.WaitForExitAsync(TestContext.Current.CancellationToken)) != made.Task)
                Assert.Fail($"the run ended before it had a store\n{await output}\n{await errors}");
            using var kill = Process.Start("kill", ["-s", "TERM", $"{run.Id}"]);
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(run.ExitCode == Terminated, $"exit code {run.ExitCode}\n{await output}\n{await errors}");
            Assert.False(Directory.Exists(await made.Task));
        }
        finally
        {
            run.Kill(entireProcessTree: true);
        }
    }
}
