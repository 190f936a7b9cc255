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

    private readonly ScratchFolder _data;

    public SwiperHost(HostPlan plan)
    {
        _data = new ScratchFolder("swiper", plan.DataParent);
        try
        {
            if (!File.Exists(plan.Program))
                throw new FileNotFoundException($"there is no Swiper host at {plan.Program}: build it with `dotnet build -c Release`, or name another with --host");
            Robots = plan.Robots == 0 ? Robots.None : Robots.Make(plan.Robots, plan.Cluster is null ? ["--data", _data.Path] : ["--cluster"], start => plan.Cluster?.Configure(start));
            // Of an option that is set twice the last counts.
            Process = ServerProcess.Start(
                "host", "dotnet",
                port => [plan.Program, "--port", $"{port}", "--data", _data.Path, .. Settings, .. plan.Settings.SelectMany(setting => (string[])["--set", setting])],
                start => plan.Cluster?.Configure(start));
            Servers = new ServerGroup([("host", Process.Id), .. plan.Cluster?.OfSwiper ?? []]);
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
