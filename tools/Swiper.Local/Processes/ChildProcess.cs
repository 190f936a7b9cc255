using System.Diagnostics;

namespace Swiper.Local.Processes;

/// <summary>A child process that never outlives this one. Dispose kills it and its descendants.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int KeptLines = 10_000;

    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly IDisposable _exitHook;
    private readonly Queue<string> _lines = new();
    private bool _isStarted;
    private bool _isOver;

    /// <param name="start">What to start. Its standard input can be written to if it is redirected.</param>
    /// <param name="onOutput">Receives each line of standard output.</param>
    /// <param name="onError">Receives each line of standard error.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program does not exist.</exception>
    public ChildProcess(ProcessStartInfo start, Action<string>? onOutput = null, Action<string>? onError = null)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data, onOutput);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, onError);
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

    /// <summary>The last 10,000 lines of its output, of both streams.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>Writes a line to its standard input.</summary>
    /// <exception cref="IOException">The process has exited.</exception>
    public void WriteLine(string line)
    {
        lock (_process)
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
    }

    /// <summary>SIGKILL; completes when the process has ended.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return Ended;
    }

    public void Dispose()
    {
        // The hook stays until the child has ended, because this process may end first.
        End();
        _exitHook.Dispose();
        Ended.GetAwaiter().GetResult();
        _process.Dispose();
    }

    private void Take(string? line, Action<string>? listener)
    {
        if (line is null)
            return;
        lock (_lines)
        {
            if (_lines.Count == KeptLines)
                _lines.Dequeue();
            _lines.Enqueue(line);
        }
        listener?.Invoke(line);
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
