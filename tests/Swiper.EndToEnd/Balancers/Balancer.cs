using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Balancers;

/// <summary>
/// A balancer's program with the configuration of deploy/, in which only addresses, ports, and what needs a machine of its own were
/// replaced.
/// </summary>
internal sealed class Balancer : IDisposable
{
    private readonly ScratchFolder _folder = new("balancer");
    private ChildProcess? _process;

    private Balancer()
    {
    }

    public int Port { get; } = FreePorts.Find();

    /// <param name="kind">Which host gets a connection: the name of a file.</param>
    /// <param name="first">A host.</param>
    /// <param name="second">Another.</param>
    public static Task<Balancer> HaproxyAsync(string kind, BalancedHost first, BalancedHost second)
    {
        var balancer = new Balancer();
        var main = balancer.Write(
            ["haproxy", "swiper.cfg"],
            ("maxconn 200000", "maxconn 1000"),
            ("timeout check 5s", "timeout check 60s"),
            ("bind :::7443 v4v6", $"bind 127.0.0.1:{balancer.Port}"));
        var hosts = balancer.Write(
            ["haproxy", $"{kind}.cfg"],
            ("port 7490 inter 2s fall 2 rise 1", "inter 500ms fall 1 rise 1"),
            ("10.1.0.11:7443", $"127.0.0.1:{first.Port} port {first.OpsPort}"),
            ("10.1.0.12:7443", $"127.0.0.1:{second.Port} port {second.OpsPort}"));
        return balancer.StartAsync(new ProcessStartInfo("haproxy", ["-db", "-f", main, "-f", hosts]));
    }

    /// <inheritdoc cref="HaproxyAsync"/>
    /// <param name="kind">Which host gets a connection: the name of a file.</param>
    /// <param name="first">The port of a host.</param>
    /// <param name="second">The port of another.</param>
    public static Task<Balancer> NginxAsync(string kind, int first, int second)
    {
        var balancer = new Balancer();
        balancer.Write(
            ["nginx", $"{kind}.conf"], ("10.1.0.11:7443", $"127.0.0.1:{first}"), ("10.1.0.12:7443", $"127.0.0.1:{second}"));
        var main = balancer.Write(
            ["nginx", "swiper.conf"],
            ("worker_rlimit_nofile 200000;", ""),
            ("worker_connections 100000", "worker_connections 1000"),
            ("/run/nginx.pid", balancer._folder.File("pid")),
            ("include least-connections.conf", $"include {kind}.conf"),
            ("listen 7443 ", $"listen 127.0.0.1:{balancer.Port} "),
            ("listen [::]:7443 ipv6only=on backlog=4096;", ""));
        return balancer.StartAsync(new ProcessStartInfo("nginx", ["-e", "stderr", "-c", main, "-g", "daemon off;"]));
    }

    public void Dispose()
    {
        _process?.Dispose();
        _folder.Dispose();
    }

    private string Write(string[] file, params (string Ours, string Here)[] changes)
    {
        var text = File.ReadAllText(Repository.PathOf(["deploy", .. file]));
        foreach (var (ours, here) in changes)
        {
            Assert.Contains(ours, text, StringComparison.Ordinal);
            text = text.Replace(ours, here, StringComparison.Ordinal);
        }
        var path = _folder.File(file[^1]);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<Balancer> StartAsync(ProcessStartInfo start)
    {
        // Where Debian installs them, which is not on everybody's path.
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin";
        start.FileName = (start.Environment["PATH"] ?? "").Split(':').Select(folder => Path.Combine(folder, start.FileName))
            .FirstOrDefault(File.Exists) ?? start.FileName;
        try
        {
            _process = new ChildProcess(start);
            await Eventually.HoldsAsync(
                async () => _process.ExitCode is { } code
                    ? throw new InvalidOperationException(
                        string.Create(CultureInfo.InvariantCulture, $"it ended with {code}: {string.Join('\n', _process.Lines)}"))
                    : Listens(),
                $"{start.FileName} listens");
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    // A connection that looks would have a host's turn, at some time during the test.
    private bool Listens() =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == Port);
}
