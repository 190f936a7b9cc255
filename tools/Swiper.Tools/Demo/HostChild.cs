using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Swiper.Tools.Services;

namespace Swiper.Tools.Demo;

/// <summary>A host in Development on a temporary folder: a child process that never outlives this one. Disposed, both are gone.</summary>
internal sealed partial class HostChild : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource<IPEndPoint> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("swiper-demo-");
    private readonly Process _process;
    private readonly Task _output;
    private readonly Task<string> _errors;
    private readonly PosixSignalRegistration _hangUp;
    private int _warnings;

    private HostChild(string host, ThrowawayServices? services)
    {
        string[] arguments =
        [
            "--environment", "Development", "--data", Data, "--port", "0", "--set", "Tls:Enabled=false", "--set", "Accounts:LiftRateLimits=true",
            // Whatever the environment says: the demo must not play on a cluster that others use.
            "--set", $"Storage:Engine={(services is null ? "embedded" : "cluster")}",
        ];
        var start = host.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? new ProcessStartInfo("dotnet", [host, .. arguments])
            : new ProcessStartInfo(host, arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        services?.Configure(start);
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

    /// <summary>The host that was built beside this tool.</summary>
    public static string BesideThisTool => Path.Combine(AppContext.BaseDirectory, "Swiper.Host.dll");

    /// <summary>Starts a host and waits until clients can connect.</summary>
    /// <param name="host">Swiper.Host.dll, or a published executable.</param>
    /// <param name="services">What it keeps its truth and index in; null for the embedded engine.</param>
    /// <param name="cancellation">Ends the wait and the host.</param>
    /// <exception cref="DemoException">It does not start; the message is its own.</exception>
    public static async Task<HostChild> StartAsync(string host, ThrowawayServices? services, CancellationToken cancellation)
    {
        if (!File.Exists(host))
            throw new DemoException($"there is no host at '{host}': build it, or name another with --host");
        HostChild child;
        try
        {
            child = new HostChild(host, services);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new DemoException($"the host did not start: {exception.Message}");
        }
        try
        {
            await Task.WhenAny(child._listening.Task, Task.WhenAll(child._output, child._errors)).WaitAsync(StartPatience, cancellation);
            return child._listening.Task.IsCompletedSuccessfully ? child : throw new DemoException(await child.ExplainAsync());
        }
        catch (TimeoutException)
        {
            await child.DisposeAsync();
            throw new DemoException($"the host did not say within {StartPatience.TotalSeconds:0} s that it listens");
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
            else if (line.StartsWith("warn:", StringComparison.Ordinal) || line.StartsWith("fail:", StringComparison.Ordinal)
                || line.StartsWith("crit:", StringComparison.Ordinal))
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
}
