using System.ComponentModel;
using System.Net;
using System.Text.RegularExpressions;
using Swiper.Local.Processes;

namespace Swiper.Local.Hosts;

/// <summary>A host running as a child process; never outlives this process. Dispose kills it.</summary>
internal sealed partial class HostChild : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource<(IPEndPoint Tcp, IPEndPoint? Tls)> _listening =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _errors = [];
    private readonly ChildProcess _process;
    private int _warnings;

    private HostChild(HostPlan plan)
    {
        Data = plan.Data;
        _process = new ChildProcess(plan.ToStart(), Note, NoteError);
    }

    public IPEndPoint EndPoint => _listening.Task.Result.Tcp;

    /// <summary>Null without TLS.</summary>
    public IPEndPoint? TlsEndPoint => _listening.Task.Result.Tls;

    public int ProcessId => _process.Id;

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => _process.ExitCode;

    /// <summary>The host's data folder.</summary>
    public string Data { get; }

    /// <summary>Number of log lines at level Warning or above.</summary>
    public int Warnings => Volatile.Read(ref _warnings);

    /// <summary>The first of these lines.</summary>
    public string? FirstWarning { get; private set; }

    /// <summary>Completes with the exit code when the host has exited or was killed.</summary>
    public Task<int> Ended => _process.Ended;

    /// <summary>Starts a host and waits until clients can connect.</summary>
    /// <param name="cancellation">Stops waiting and kills the host.</param>
    /// <exception cref="HostException">The host failed to start; the message is the host's.</exception>
    public static async Task<HostChild> StartAsync(HostPlan plan, CancellationToken cancellation)
    {
        if (!File.Exists(plan.Program))
            throw new HostException($"no host at '{plan.Program}': build it, or choose another with --host");
        HostChild child;
        try
        {
            child = new HostChild(plan);
        }
        catch (Win32Exception exception)
        {
            throw new HostException($"the host failed to start: {exception.Message}");
        }
        try
        {
            await Task.WhenAny(child._listening.Task, child.Ended).WaitAsync(StartPatience, cancellation);
            return child._listening.Task.IsCompletedSuccessfully ? child : throw new HostException(child.Explain());
        }
        catch (TimeoutException)
        {
            child.Dispose();
            throw new HostException($"the host was not listening after {StartPatience.TotalSeconds:0} s");
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    public void Dispose() => _process.Dispose();

    private void Note(string line)
    {
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

    // In Development a log line starts with its level; in Production it is JSON.
    [GeneratedRegex("^(warn|fail|crit):|^\\{.*\"LogLevel\":\"(Warning|Error|Critical)\"")]
    private static partial Regex IsWarning();
}
