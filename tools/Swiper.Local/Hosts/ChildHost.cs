using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Swiper.Local.Processes;

namespace Swiper.Local.Hosts;

/// <summary>A host on this machine that failed; the message is a single line.</summary>
internal sealed class HostException(string message) : Exception(message);

/// <summary>A host running as a child process, and those that take its place; none outlives this process. Dispose kills it.</summary>
internal sealed partial class ChildHost : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource<(IPEndPoint Tcp, IPEndPoint? Tls)> _listening =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _errors = [];
    private readonly ConcurrentBag<int> _successors = [];
    private readonly IDisposable _exitHook;
    private readonly ChildProcess _process;
    private volatile int _id;
    private int _warnings;

    private ChildHost(HostPlan plan)
    {
        Data = plan.Data;
        _process = new ChildProcess(plan.ToStart(), plan.OnLine + Note, plan.OnLine + NoteError);
        _exitHook = ExitHooks.Register(KillSuccessors);
    }

    public IPEndPoint EndPoint => _listening.Task.Result.Tcp;

    /// <summary>Null without TLS.</summary>
    public IPEndPoint? TlsEndPoint => _listening.Task.Result.Tls;

    /// <summary>The id of the process, or of the one that serves in its place.</summary>
    public int Id => _id != 0 ? _id : _process.Id;

    /// <summary>Null while it runs, or another in its place.</summary>
    public int? ExitCode => _process.ExitCode;

    /// <summary>The host's data folder.</summary>
    public string Data { get; }

    /// <summary>What it has written so far, or the last 10,000 lines of it.</summary>
    public string Output => string.Join('\n', _process.Lines);

    /// <summary>Number of log lines at level Warning or above.</summary>
    public int Warnings => Volatile.Read(ref _warnings);

    /// <summary>The first of these lines.</summary>
    public string? FirstWarning { get; private set; }

    /// <summary>Completes with the exit code when the host has exited or was killed.</summary>
    public Task<int> Ended => _process.Ended;

    /// <summary>Starts a host and waits until clients can connect.</summary>
    /// <param name="cancellation">Stops waiting and kills the host.</param>
    /// <exception cref="HostException">The host failed to start; the message is the host's.</exception>
    public static async Task<ChildHost> StartAsync(HostPlan plan, CancellationToken cancellation = default)
    {
        if (!File.Exists(plan.Program))
            throw new HostException($"no host at '{plan.Program}': build it, or choose another with --host");
        ChildHost host;
        try
        {
            host = new ChildHost(plan);
        }
        catch (Win32Exception exception)
        {
            throw new HostException($"the host failed to start: {exception.Message}");
        }
        try
        {
            await Task.WhenAny(host._listening.Task, host.Ended).WaitAsync(Patience, cancellation);
            return host._listening.Task.IsCompletedSuccessfully ? host : throw new HostException(host.Explain());
        }
        catch (TimeoutException)
        {
            host.Dispose();
            throw new HostException($"the host was not listening after {Patience.TotalSeconds:0} s");
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL: none of its code runs any more.</summary>
    public Task KillAsync()
    {
        Signals.Send("KILL", Id);
        return Ended;
    }

    /// <summary>SIGTERM, as a service manager sends it: the host shuts down in order.</summary>
    public void Terminate() => Signals.Send("TERM", Id);

    /// <summary>SIGHUP: another process takes its place.</summary>
    public void HangUp() => Signals.Send("HUP", Id);

    /// <summary>Sends SIGTERM and waits for the exit code.</summary>
    /// <exception cref="TimeoutException">The host has not ended after two minutes.</exception>
    public Task<int> TerminateAsync()
    {
        Terminate();
        return Ended.WaitAsync(Patience);
    }

    /// <inheritdoc cref="Signals.Suspend"/>
    public void Suspend() => Signals.Suspend(Id);

    /// <inheritdoc cref="Signals.Resume"/>
    public void Resume() => Signals.Resume(Id);

    public void Dispose()
    {
        KillSuccessors();
        _exitHook.Dispose();
        _process.Dispose();
    }

    // No children of this process once the first has ended. One that has ended may have left its number to another program.
    private void KillSuccessors()
    {
        foreach (var id in _successors.Where(IsHost))
            Signals.Send("KILL", id);
    }

    private bool IsHost(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0').Contains(Data);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Note(string line)
    {
        if (Starts().Match(line) is { Success: true } started)
            _successors.Add(int.Parse(started.Groups["id"].ValueSpan, CultureInfo.InvariantCulture));
        if (TakesOver().Match(line) is { Success: true } taken)
            _id = int.Parse(taken.Groups["id"].ValueSpan, CultureInfo.InvariantCulture);
        if (ListensOn().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult((IPEndPoint.Parse(match.Groups["tcp"].ValueSpan), match.Groups["tls"] is { Success: true } tls
                ? IPEndPoint.Parse(tls.ValueSpan) : null));
        }
        else if (IsWarning().IsMatch(line))
        {
            FirstWarning ??= line;
            Interlocked.Increment(ref _warnings);
        }
    }

    private void NoteError(string line)
    {
        lock (_errors)
            _errors.Add(line.Trim());
    }

    // The host has exited and all its output has been read.
    private string Explain()
    {
        const string Prefix = "swiper: ";
        lock (_errors)
        {
            var reason = _errors.Find(line => line.StartsWith(Prefix, StringComparison.Ordinal))?[Prefix.Length..]
                ?? _errors.Find(line => line.Length > 0)
                ?? FirstWarning
                ?? "no output";
            return $"the host exited with code {ExitCode}: {reason}";
        }
    }

    [GeneratedRegex(@"listens on tcp (?<tcp>127\.0\.0\.1:\d+)(, tls (?<tls>127\.0\.0\.1:\d+))?")]
    private static partial Regex ListensOn();

    [GeneratedRegex(@"Restart: process (?<id>\d+) is started")]
    private static partial Regex Starts();

    [GeneratedRegex(@"Process (?<id>\d+) serves in place of")]
    private static partial Regex TakesOver();

    // In Development a log line starts with its level; in Production it is JSON.
    [GeneratedRegex("^(warn|fail|crit):|^\\{.*\"LogLevel\":\"(Warning|Error|Critical)\"")]
    private static partial Regex IsWarning();
}
