using System.Diagnostics;

namespace Swiper.Local.Processes;

/// <summary>A child process that never outlives this one. Dispose kills it and its descendants.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly IDisposable _exitHook;
    private bool _isStarted;
    private bool _isOver;

    /// <param name="start">What to start.</param>
    /// <param name="onOutput">Receives each line of standard output.</param>
    /// <param name="onError">Receives each line of standard error.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program does not exist.</exception>
    public ChildProcess(ProcessStartInfo start, Action<string> onOutput, Action<string> onError)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Tell(line, onOutput);
        _process.ErrorDataReceived += (_, line) => Tell(line, onError);
        _exitHook = ExitHooks.Register(End);
        try
        {
            Start();
        }
        catch
        {
            _exitHook.Dispose();
            _process.Dispose();
            throw;
        }
        // Always drained: a full pipe would block the child.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ended = EndedAsync();
    }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code when the process has ended and all its output has been delivered.</summary>
    public Task<int> Ended { get; }

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => Ended.IsCompletedSuccessfully ? Ended.Result : null;

    public void Dispose()
    {
        // The hook stays until the child has ended, because this process may end first.
        End();
        _exitHook.Dispose();
        Ended.GetAwaiter().GetResult();
        _process.Dispose();
    }

    private static void Tell(DataReceivedEventArgs line, Action<string> listener)
    {
        if (line.Data is { } text)
            listener(text);
    }

    // This process may be ending; a child started after the exit hooks ran would be left behind.
    private void Start()
    {
        lock (_gate)
        {
            if (_isOver)
                throw new OperationCanceledException("this process is ending");
            _process.Start();
            _isStarted = true;
        }
    }

    // Killed rather than shut down: its state is no longer needed.
    private void End()
    {
        lock (_gate)
        {
            if (_isOver)
                return;
            if (_isStarted)
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
            _isOver = true;
        }
    }

    private async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        return _process.ExitCode;
    }
}
