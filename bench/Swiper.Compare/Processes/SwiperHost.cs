using System.Net;
using Swiper.Core.Protocol;
using Swiper.Load.Wire;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;
using Swiper.Local.Robots;

namespace Swiper.Compare.Processes;

/// <summary>The settings of a <see cref="SwiperHost"/>.</summary>
/// <param name="Program">Swiper.Host.dll.</param>
/// <param name="Robots">Users to create first; 0 leaves the store empty.</param>
internal sealed record SwiperHostPlan(string Program, int Robots)
{
    /// <summary>Additional options, as KEY=VALUE.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The MySQL shards and Redis it uses; null for the embedded engine.</summary>
    public ClusterServers? Cluster { get; init; }

    /// <summary>Adds a TLS port to the host.</summary>
    public TlsCertificate? Certificate { get; init; }

    /// <summary>Where its data folder is created; null for the repository's disk.</summary>
    public string? DataParent { get; init; }
}

/// <summary>A Swiper host as in production, with a fresh store and optional robots. It has answered a first request.</summary>
internal sealed class SwiperHost : IDisposable
{
    private readonly ScratchFolder _data;
    private readonly ChildHost _host = null!;

    public SwiperHost(SwiperHostPlan plan)
    {
        _data = new ScratchFolder("compare", plan.DataParent);
        try
        {
            var cluster = plan.Cluster?.OfSwiper;
            Robots = new Robots(RobotFactory.FillAsync(_data, cluster, plan.Robots, CancellationToken.None).GetAwaiter().GetResult());
            string[] tls = plan.Certificate is { } certificate
                ? [$"Tls:CertificatePath={certificate.Path}", $"Tls:KeyPath={certificate.KeyPath}"]
                : [];
            var start = new HostPlan(plan.Program, _data.Path)
            {
                Cluster = cluster,
                IsDevelopment = false,
                HasTls = plan.Certificate is not null,
                Settings = [.. tls, .. plan.Settings],
            };
            _host = ChildHost.StartAsync(start, CancellationToken.None).GetAwaiter().GetResult();
            Servers = new ServerGroup([("host", ProcessId), .. plan.Cluster?.Processes ?? []]);
            Ping();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IPEndPoint EndPoint => _host.EndPoint;

    public int ProcessId => _host.Id;

    /// <summary>Its TLS endpoint, if its plan has a certificate.</summary>
    public IPEndPoint TlsEndPoint => _host.TlsEndPoint!;

    /// <summary>The host, and the databases that work for it.</summary>
    public ServerGroup Servers { get; } = ServerGroup.None;

    public Robots Robots { get; } = null!;

    public void Dispose()
    {
        _host?.Dispose();
        _data.Dispose();
    }

    private void Ping()
    {
        using var connection = LoadConnection.Open(EndPoint);
        connection.Ask(RequestFrame.Of(Opcode.Ping, 1, static (ref writer) => writer.WriteArrayHeader(0)));
    }
}
