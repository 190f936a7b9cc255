using System.Net;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;
using Swiper.Local.Robots;
using Swiper.Local.Services;

namespace Swiper.Load.Running;

/// <summary>
/// A private host with users in its store, on a new folder or on private services. Dispose deletes all of it.
/// </summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private const int Shards = 2;

    private readonly ThrowawayServices? _services;
    private readonly ScratchFolder _folder;
    private readonly ChildHost _host;

    private LocalServer(ThrowawayServices? services, ScratchFolder folder, ChildHost host, IReadOnlyList<string> tokens)
    {
        _services = services;
        _folder = folder;
        _host = host;
        Server = new LoadServer
        {
            EndPoint = new DnsEndPoint(host.EndPoint.Address.ToString(), host.EndPoint.Port),
            Tokens = tokens,
            OutboxFolder = host.Data,
            Processes = new ServerGroup([("host", host.Id), .. services?.Processes ?? []]),
            Ended = EndedAsync(),
        };
    }

    public LoadServer Server { get; }

    public IPEndPoint EndPoint => _host.EndPoint;

    /// <summary>Number of log lines at level Warning or above.</summary>
    public int Warnings => _host.Warnings;

    /// <summary>The first of these lines.</summary>
    public string? FirstWarning => _host.FirstWarning;

    /// <param name="program">Swiper.Host.dll, or a published executable.</param>
    /// <param name="robots">Users to create.</param>
    /// <param name="settings">Options of the host, as KEY=VALUE.</param>
    /// <param name="isDevelopment">Run in Development, where login codes can be read; otherwise as in production.</param>
    /// <exception cref="HostException">The host failed to start; the message says why.</exception>
    /// <exception cref="ServicesException">The services failed to start.</exception>
    public static async Task<LocalServer> StartAsync(string program, int robots, bool isDevelopment, bool onCluster,
        CancellationToken cancellation, IReadOnlyList<string>? settings = null)
    {
        var services = onCluster ? await ThrowawayServices.StartAsync("load", Shards, redisCluster: false, cancellation) : null;
        var folder = new ScratchFolder("load");
        try
        {
            var tokens = await RobotFactory.FillAsync(folder, services?.Cluster, robots, cancellation);
            var plan = new HostPlan(program, folder.Path)
            {
                Cluster = services?.Cluster,
                Settings = settings ?? [],
                IsDevelopment = isDevelopment,
                HasOwnSession = true,
            };
            return new LocalServer(services, folder, await ChildHost.StartAsync(plan, cancellation), tokens);
        }
        catch
        {
            folder.Dispose();
            if (services is not null)
                await services.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        _folder.Dispose();
        if (_services is not null)
            await _services.DisposeAsync();
    }

    private async Task<string> EndedAsync() => $"exited with code {await _host.Ended}";
}
