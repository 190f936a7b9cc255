using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Swiper.Client;

namespace Swiper.EndToEnd.Running;

/// <summary>
/// The built server as a process of its own, on free ports. What it writes is shown with a test that fails; a process that is still
/// there at the end is killed.
/// </summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _age = Stopwatch.StartNew();

    private HostProcess(string data, ProcessStartInfo start, IReadOnlyDictionary<string, string>? environment = null)
    {
        Data = data;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Data { get; }

    public int Port { get; private set; }

    public int TlsPort { get; private set; }

    public int Id => _process.Id;

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Bytes of memory that it occupies now.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a server and waits until it takes connections.</summary>
    /// <param name="data">Its folder.</param>
    /// <param name="settings">KEY=VALUE each.</param>
    public static Task<HostProcess> StartAsync(string data, params string[] settings) =>
        StartAsync(data, environment: null, settings);

    /// <inheritdoc cref="StartAsync(string, string[])"/>
    /// <param name="data">Its folder.</param>
    /// <param name="environment">Variables that it finds besides its parent's.</param>
    /// <param name="settings">KEY=VALUE each.</param>
    public static async Task<HostProcess> StartAsync(string data, IReadOnlyDictionary<string, string>? environment,
        params string[] settings)
    {
        var host = Launch(data, environment, settings);
        try
        {
            var ended = host._process.WaitForExitAsync();
            var first = await Task.WhenAny(host._listening.Task, ended).WaitAsync(Budget.Patience);
            if (first == ended)
                throw new InvalidOperationException($"the host ended with {host._process.ExitCode} instead of listening");
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server that may or may not come up.</summary>
    public static HostProcess Launch(string data, IReadOnlyDictionary<string, string>? environment, params string[] settings) =>
        new(data, new ProcessStartInfo("dotnet", Arguments(data, settings)), environment);

    /// <summary>Starts a server from a shell that runs something before it, such as <c>ulimit</c>.</summary>
    public static async Task<HostProcess> StartInShellAsync(string before, string data, params string[] settings)
    {
        var arguments = string.Join(' ', Arguments(data, settings).Select(argument => $"'{argument}'"));
        var host = new HostProcess(data, new ProcessStartInfo("bash", ["-c", $"{before}; exec dotnet {arguments}"]));
        await host._listening.Task.WaitAsync(Budget.Patience);
        return host;
    }

    /// <summary>A connection of its own; pushes wait until they are read, and what is lost is told at once.</summary>
    public Task<SwiperClient> ConnectAsync(Func<SwiperClientOptions, SwiperClientOptions>? change = null)
    {
        var options = new SwiperClientOptions
        {
            Host = "127.0.0.1",
            Port = Port,
            UseTls = false,
            Reconnect = false,
            RequestTimeout = Budget.Patience,
            ConnectTimeout = Budget.Patience,
            PushBuffer = 100_000,
        };
        return SwiperClient.ConnectAsync(change is null ? options : change(options));
    }

    /// <summary>SIGKILL: no code of the server runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Budget.Patience);
    }

    /// <summary>SIGSTOP: its connections stay, and it does nothing any more.</summary>
    public void Suspend() => Suspension.Suspend(_process.Id);

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public void Wake() => Suspension.Resume(_process.Id);

    /// <summary>SIGTERM, as a service manager sends it; answers the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        SendTerminate();
        return await WaitForExitAsync();
    }

    public void SendTerminate() => Send("TERM");

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Budget.Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Budget.Patience);
        _process.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine(Output);
    }

    private void Send(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string[] Arguments(string data, string[] settings) =>
    [
        BuiltProgram.Host, "--environment", "Development", "--data", data, "--port", "0", "--tls-port", "0",
        "--set", "Accounts:LiftRateLimits=true",
        .. settings.SelectMany(setting => new[] { "--set", setting }),
    ];

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Add($"{_age.Elapsed.TotalSeconds:0.000} {line}");
        if (ListensOn().Match(line) is not { Success: true } match)
            return;
        Port = int.Parse(match.Groups["tcp"].ValueSpan, CultureInfo.InvariantCulture);
        TlsPort = int.Parse(match.Groups["tls"].ValueSpan, CultureInfo.InvariantCulture);
        _listening.TrySetResult();
    }

    [GeneratedRegex(@"listens on tcp 127\.0\.0\.1:(?<tcp>\d+), tls 127\.0\.0\.1:(?<tls>\d+);")]
    private static partial Regex ListensOn();
}
