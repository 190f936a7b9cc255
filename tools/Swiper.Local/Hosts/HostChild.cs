using System.ComponentModel;
using System.Net;
using System.Text.RegularExpressions;
using Swiper.Local.Processes;

namespace Swiper.Local.Hosts;

/// <summary>A host that is a child process and never outlives this one. Disposed, it is killed.</summary>
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

    /// <summary>Null where it has no TLS.</summary>
    public IPEndPoint? TlsEndPoint => _listening.Task.Result.Tls;

    public int ProcessId => _process.Id;

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => _process.ExitCode;

    /// <summary>Its data folder.</summary>
    public string Data { get; }

    /// <summary>Lines of its log that warn or worse.</summary>
    public int Warnings => Volatile.Read(ref _warnings);

    /// <summary>The first of them.</summary>
    public string? FirstWarning { get; private set; }

    /// <summary>Completes with the exit code when it has ended, by itself or not.</summary>
    public Task<int> Ended => _process.Ended;

    /// <summary>Starts a host and waits until clients can connect.</summary>
    /// <param name="cancellation">Ends the wait and the host.</param>
    /// <exception cref="HostException">It does not start; the message is its own.</exception>
    public static async Task<HostChild> StartAsync(HostPlan plan, CancellationToken cancellation)
    {
        if (!File.Exists(plan.Program))
            throw new HostException($"there is no host at '{plan.Program}': build it, or name another with --host");
        HostChild child;
        try
        {
            child = new HostChild(plan);
        }
        catch (Win32Exception exception)
        {
            throw new HostException($"the host did not start: {exception.Message}");
        }
        try
        {
            await Task.WhenAny(child._listening.Task, child.Ended).WaitAsync(StartPatience, cancellation);
            return child._listening.Task.IsCompletedSuccessfully ? child : throw new HostException(child.Explain());
        }
        catch (TimeoutException)
        {
            child.Dispose();
            throw new HostException($"the host did not say within {StartPatience.TotalSeconds:0} s that it listens");
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

    // It has ended, and all that it said was noted.
    private string Explain()
    {
        const string Prefix = "swiper: ";
        lock (_errors)
        {
            var reason = _errors.Find(line => line.StartsWith(Prefix, StringComparison.Ordinal))?[Prefix.Length..]
                ?? _errors.Find(line => line.Length > 0)
                ?? FirstWarning
                ?? "it said nothing";
            return $"the host ended with exit code {ExitCode}: {reason}";
        }
    }

    [GeneratedRegex(@"listens on tcp (?<tcp>127\.0\.0\.1:\d+)(, tls (?<tls>127\.0\.0\.1:\d+))?")]
    private static partial Regex ListensOn();

    // In Development a line begins with its level; in Production it is JSON.
    [GeneratedRegex("^(warn|fail|crit):|^\\{.*\"LogLevel\":\"(Warning|Error|Critical)\"")]
    private static partial Regex IsWarning();
}
