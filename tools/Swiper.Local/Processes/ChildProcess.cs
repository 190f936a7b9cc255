using System.Diagnostics;

namespace Swiper.Local.Processes;

/// <summary>A program that this one has started and that never outlives it. Disposed, it is killed with all that it has started.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly IDisposable _exitHook;
    private bool _isStarted;
    private bool _isOver;

    /// <param name="start">What to start.</param>
    /// <param name="onOutput">Gets each line of its standard output.</param>
    /// <param name="onError">Gets each line of its standard error.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
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
        // Read all the time: a full pipe would stop it.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ended = EndedAsync();
    }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code when it has ended, by itself or not, and all that it said was told.</summary>
    public Task<int> Ended { get; }

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => Ended.IsCompletedSuccessfully ? Ended.Result : null;

    public void Dispose()
    {
        // Until it has ended, this process may.
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

    // This process may end before the other was started, and must not leave one that is started after that.
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

    // Killed rather than asked: nobody needs what it has any more.
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
