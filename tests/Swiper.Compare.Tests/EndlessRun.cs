using Swiper.Local.Processes;

namespace Swiper.Compare.Tests;

/// <summary>
/// A run of several minutes, in its first round. Dispose interrupts it before killing it, so that its servers end with it.
/// </summary>
internal sealed class EndlessRun : IAsyncDisposable
{
    private const int Terminated = 143;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _hasBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChildProcess _process;

    private EndlessRun(params string[] options) =>
        _process = new ChildProcess(CompareProgram.ToStart(["--rounds", "100", "--seconds", "1", "--robots", "200", .. options]), line =>
        {
            if (line == "round 1 of 100")
                _hasBegun.TrySetResult();
        });

    public int Id => _process.Id;

    private string Output => string.Join('\n', _process.Lines);

    public static async Task<EndlessRun> StartAsync(params string[] options)
    {
        var run = new EndlessRun(options);
        try
        {
            await Task.WhenAny(run._hasBegun.Task, run._process.Ended).WaitAsync(TestContext.Current.CancellationToken);
            Assert.True(run._hasBegun.Task.IsCompleted, $"the run ended before its first round: {run.Output}");
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Interrupts it and waits for its end.</summary>
    public async Task InterruptAsync()
    {
        Signals.Send("TERM", Id);
        var exitCode = await _process.Ended.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(exitCode == Terminated, $"exit code {exitCode}: {Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process.ExitCode is null)
        {
            Signals.Send("TERM", Id);
            await ((Task)_process.Ended).WaitAsync(Patience, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _process.Dispose();
    }
}
