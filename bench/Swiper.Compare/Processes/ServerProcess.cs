using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Swiper.Local.Processes;

namespace Swiper.Compare.Processes;

/// <summary>
/// A rival under measurement: a child process that listens on its own port until disposed. Unlike a Swiper host, not every rival reports
/// when it is ready, so it is given a port and polled until it answers.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private const int OutputLines = 20;

    private readonly ChildProcess _process;

    private ServerProcess(string name, IPEndPoint endpoint, ProcessStartInfo start)
    {
        Name = name;
        EndPoint = endpoint;
        _process = new ChildProcess(start);
    }

    public string Name { get; }

    public IPEndPoint EndPoint { get; }

    public ServerGroup Group => new((Name, _process.Id));

    /// <param name="arguments">The program's arguments for a port to listen on.</param>
    /// <param name="configure">Configures the process, such as its environment.</param>
    public static ServerProcess Start(
        string name, string program, Func<int, IEnumerable<string>> arguments, Action<ProcessStartInfo>? configure = null)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, FreePorts.Find());
        var start = new ProcessStartInfo(program, arguments(endpoint.Port));
        configure?.Invoke(start);
        return new ServerProcess(name, endpoint, start);
    }

    /// <summary>Retries until <paramref name="isAnswering"/> no longer throws because the server is not there yet.</summary>
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
                if (_process.ExitCode is { } exitCode)
                    throw new InvalidOperationException($"{Name} exited with code {exitCode}{LastOutput()}", e);
                if (Stopwatch.GetElapsedTime(start) > patience)
                    throw new TimeoutException($"{Name} did not answer within {patience.TotalSeconds:0} s{LastOutput()}", e);
                Thread.Sleep(1);
            }
        }
    }

    public void Dispose() => _process.Dispose();

    private string LastOutput()
    {
        string[] lines = [.. _process.Lines.TakeLast(OutputLines)];
        return lines.Length == 0 ? "" : $"; its last output:{Environment.NewLine}{string.Join(Environment.NewLine, lines)}";
    }
}
