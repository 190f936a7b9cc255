using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Swiper.Local.Hosts;

/// <summary>A host on a folder of its own: a child process that never outlives this one. Disposed, both are gone.</summary>
internal sealed partial class HostChild : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource<IPEndPoint> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly Task _output;
    private readonly Task<string> _errors;
    private readonly PosixSignalRegistration _hangUp;
    private int _warnings;

    private HostChild(HostPlan plan)
    {
        _folder = plan.Data;
        var start = plan.ToStart();
        try
        {
            _process = Process.Start(start)!;
        }
        catch
        {
            _folder.Delete(recursive: true);
            throw;
        }
        // However this process ends, short of being killed itself.
        AppDomain.CurrentDomain.ProcessExit += EndWithThisProcess;
        AppDomain.CurrentDomain.UnhandledException += EndWithThisProcess;
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => End());
        _output = ReadOutputAsync();
        Ended = _process.WaitForExitAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public IPEndPoint EndPoint => _listening.Task.Result;

    public int ProcessId => _process.Id;

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Its data folder.</summary>
    public string Data => _folder.FullName;

    /// <summary>Lines of its log that warn or worse.</summary>
    public int Warnings => Volatile.Read(ref _warnings);

    /// <summary>The first of them.</summary>
    public string? FirstWarning { get; private set; }

    /// <summary>Completes when it has ended, by itself or not.</summary>
    public Task Ended { get; }

    /// <summary>Starts a host and waits until clients can connect. However that ends, the folder is the host's from now on.</summary>
    /// <param name="cancellation">Ends the wait and the host.</param>
    /// <exception cref="HostException">It does not start; the message is its own.</exception>
    public static async Task<HostChild> StartAsync(HostPlan plan, CancellationToken cancellation)
    {
        if (!File.Exists(plan.Program))
        {
            plan.Data.Delete(recursive: true);
            throw new HostException($"there is no host at '{plan.Program}': build it, or name another with --host");
        }
        HostChild child;
        try
        {
            child = new HostChild(plan);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new HostException($"the host did not start: {exception.Message}");
        }
        try
        {
            await Task.WhenAny(child._listening.Task, Task.WhenAll(child._output, child._errors)).WaitAsync(StartPatience, cancellation);
            return child._listening.Task.IsCompletedSuccessfully ? child : throw new HostException(await child.ExplainAsync());
        }
        catch (TimeoutException)
        {
            await child.DisposeAsync();
            throw new HostException($"the host did not say within {StartPatience.TotalSeconds:0} s that it listens");
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        End();
        await Task.WhenAll(_output, _errors);
        AppDomain.CurrentDomain.ProcessExit -= EndWithThisProcess;
        AppDomain.CurrentDomain.UnhandledException -= EndWithThisProcess;
        _hangUp.Dispose();
        _process.Dispose();
    }

    // Killed rather than asked: nobody needs the data any more.
    private void End()
    {
        lock (_folder)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _folder.Refresh();
            if (_folder.Exists)
                _folder.Delete(recursive: true);
        }
    }

    private void EndWithThisProcess(object? sender, EventArgs e) => End();

    // Read to its end: a full pipe would stop the host.
    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (ListensOn().Match(line) is { Success: true } match)
                _listening.TrySetResult(IPEndPoint.Parse(match.Groups[1].Value));
            else if (IsWarning().IsMatch(line))
            {
                FirstWarning ??= line;
                Interlocked.Increment(ref _warnings);
            }
        }
    }

    private async Task<string> ExplainAsync()
    {
        var lines = (await _errors).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        await _process.WaitForExitAsync();
        const string Prefix = "swiper: ";
        var reason = lines.FirstOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal))?[Prefix.Length..]
            ?? lines.FirstOrDefault()
            ?? FirstWarning
            ?? "it said nothing";
        return $"the host ended with exit code {_process.ExitCode}: {reason}";
    }

    [GeneratedRegex(@"listens on tcp (127\.0\.0\.1:\d+)")]
    private static partial Regex ListensOn();

    // In Development a line begins with its level; in Production it is JSON.
    [GeneratedRegex("^(warn|fail|crit):|^\\{.*\"LogLevel\":\"(Warning|Error|Critical)\"")]
    private static partial Regex IsWarning();
}
