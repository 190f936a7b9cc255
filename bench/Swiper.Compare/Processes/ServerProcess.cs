using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Swiper.Compare.Processes;

/// <summary>A server under measurement: a child process that listens on a port of its own until it is disposed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int OutputLines = 20;

    // An interrupted run must not leave a server behind that disturbs the next one. While it ends, a row takes the end of its server for a failure, and
    // the next row would start another.
    private static readonly Lock Gate = new();
    private static readonly List<ServerProcess> Running = [];
    private static bool _isEnding;

    private readonly Process _process;
    private readonly Queue<string> _output = new();

    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => EndAll();

    private ServerProcess(string name, Process process, IPEndPoint endpoint)
    {
        Name = name;
        EndPoint = endpoint;
        _process = process;
        // Read all the time: a full pipe would stop the server in the middle of a measurement.
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
    }

    public string Name { get; }

    public IPEndPoint EndPoint { get; }

    public int Id => _process.Id;

    public ServerGroup Group => new((Name, Id));

    /// <param name="arguments">Of the program, given the port that it shall listen on.</param>
    /// <param name="configure">Its environment.</param>
    public static ServerProcess Start(
        string name, string program, Func<int, IEnumerable<string>> arguments, Action<ProcessStartInfo>? configure = null)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = new ProcessStartInfo(program, arguments(endpoint.Port)) { RedirectStandardOutput = true, RedirectStandardError = true };
        configure?.Invoke(start);

        var server = new ServerProcess(name, new Process { StartInfo = start }, endpoint);
        lock (Gate)
        {
            if (_isEnding)
                throw new OperationCanceledException("this run is ending");
            server._process.Start();
            Running.Add(server);
        }
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Tries until <paramref name="isAnswering"/> does not throw for want of a server.</summary>
    public void WaitUntil(Action<IPEndPoint> isAnswering, TimeSpan patience)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                isAnswering(EndPoint);
                return;
            }
            catch (Exception e) when (e is SocketException or EndOfStreamException)
            {
                if (_process.HasExited)
                {
                    // All that it said, not only what was read up to now.
                    _process.WaitForExit();
                    throw new InvalidOperationException($"{Name} ended with exit code {_process.ExitCode}{LastOutput()}", e);
                }
                if (Stopwatch.GetElapsedTime(start) > patience)
                    throw new TimeoutException($"{Name} did not answer within {patience.TotalSeconds:0} s{LastOutput()}", e);
                Thread.Sleep(1);
            }
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            Running.Remove(this);
            Stop();
        }
        _process.Dispose();
    }

    private static void EndAll()
    {
        lock (Gate)
        {
            _isEnding = true;
            foreach (var server in Running)
                server.Stop();
        }
    }

    private void Stop()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It had ended before; there is nothing to stop.
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (_output)
        {
            _output.Enqueue(line);
            if (_output.Count > OutputLines)
                _output.Dequeue();
        }
    }

    private string LastOutput()
    {
        lock (_output)
            return _output.Count == 0 ? "" : $"; its last words:{Environment.NewLine}{string.Join(Environment.NewLine, _output)}";
    }
}
