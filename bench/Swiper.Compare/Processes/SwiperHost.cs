using System.Net;
using Swiper.Compare.Load;
using Swiper.Compare.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Compare.Processes;

/// <summary>A Swiper host with a fresh store, and robots in it when asked for.</summary>
internal sealed class SwiperHost : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    // Production, as it would run behind something that ends TLS. All connections come from one address and sign in at once.
    private static readonly string[] Settings =
    [
        "--environment", "Production",
        "--set", "Listen:Address=127.0.0.1",
        "--set", "Tls:Enabled=false",
        "--set", "Sms:Url=http://127.0.0.1:9/no-code-is-ever-asked-for",
        "--set", "Accounts:SignInsPerAddressPerMinute=1000000",
    ];

    private readonly ScratchFolder _data = new("swiper");

    /// <param name="host">Swiper.Host.dll.</param>
    /// <param name="robots">Users to make first; 0 leaves the store empty. Without them the host still serves what needs no session.</param>
    /// <param name="cluster">What it keeps its truth and index in; null for the embedded engine.</param>
    public SwiperHost(string host, int robots, ClusterServers? cluster = null)
    {
        try
        {
            if (!File.Exists(host))
                throw new FileNotFoundException($"there is no Swiper host at {host}: build it with `dotnet build -c Release`, or name another with --host");
            Robots = robots == 0 ? Robots.None : Robots.Make(robots, cluster is null ? ["--data", _data.Path] : ["--cluster"], start => cluster?.Configure(start));
            Process = ServerProcess.Start(
                "host", "dotnet", port => [host, "--port", $"{port}", "--data", _data.Path, .. Settings], start => cluster?.Configure(start));
            Servers = new ServerGroup([("host", Process.Id), .. cluster?.OfSwiper ?? []]);
            Process.WaitUntil(Ping, StartPatience);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ServerProcess Process { get; } = null!;

    /// <summary>The host, and the databases that work for it.</summary>
    public ServerGroup Servers { get; } = ServerGroup.None;

    public Robots Robots { get; } = Robots.None;

    public void Dispose()
    {
        Process?.Dispose();
        _data.Dispose();
    }

    private static void Ping(IPEndPoint endpoint)
    {
        using var connection = LoadConnection.Open(endpoint);
        connection.Ask(RequestFrame.Of(Opcode.Ping, 1, static (ref writer) => writer.WriteArrayHeader(0)));
    }
}
