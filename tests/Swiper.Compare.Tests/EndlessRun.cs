using System.Diagnostics;

namespace Swiper.Compare.Tests;

/// <summary>
/// A run of several minutes, in its first round. Dispose interrupts it before killing it, so that its servers end with it.
/// </summary>
internal sealed class EndlessRun : IAsyncDisposable
{
    private const int Terminated = 143;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private EndlessRun(params string[] options)
    {
        _process = CompareProgram.Start(["--rounds", "100", "--seconds", "1", "--robots", "200", .. options]);
        // Always drained: a full pipe would block the child.
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static async Task<EndlessRun> StartAsync(params string[] options)
    {
        var run = new EndlessRun(options);
        try
        {
            string? line;
            while ((line = await run._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)) != "round 1 of 100")
            {
                if (line is null)
                    Assert.Fail($"the run ended before its first round: {await run._errors}");
            }
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
        await TerminateAsync();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(_process.ExitCode == Terminated, $"exit code {_process.ExitCode}: {await _errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await TerminateAsync();
            using var patience = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-s", "TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }
}
