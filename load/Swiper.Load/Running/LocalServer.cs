using System.Net;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;
using Swiper.Local.Robots;
using Swiper.Local.Services;

namespace Swiper.Load.Running;

/// <summary>
/// A host of the runner's own, with people in its store: on a new folder, or on services of its own. Disposed, all of it is deleted.
/// </summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private const int Shards = 2;

    private readonly ThrowawayServices? _services;
    private readonly ScratchFolder _folder;
    private readonly HostChild _host;

    private LocalServer(ThrowawayServices? services, ScratchFolder folder, HostChild host, IReadOnlyList<string> tokens)
    {
        _services = services;
        _folder = folder;
        _host = host;
        Server = new LoadServer
        {
            EndPoint = new DnsEndPoint(host.EndPoint.Address.ToString(), host.EndPoint.Port),
            Tokens = tokens,
            OutboxFolder = host.Data,
            Processes = new ServerGroup([("host", host.ProcessId), .. services?.Processes ?? []]),
            Ended = EndedAsync(),
        };
    }

    public LoadServer Server { get; }

    /// <summary>Lines of the host's log that warn or worse.</summary>
    public int Warnings => _host.Warnings;

    /// <summary>The first of them.</summary>
    public string? FirstWarning => _host.FirstWarning;

    /// <param name="program">Swiper.Host.dll, or a published executable.</param>
    /// <param name="robots">People to be made.</param>
    /// <param name="isDevelopment">Codes can be read; else the host runs as in production.</param>
    /// <exception cref="HostException">The host does not start; the message says why.</exception>
    /// <exception cref="ServicesException">The services do not.</exception>
    public static async Task<LocalServer> StartAsync(string program, int robots, bool isDevelopment, bool onCluster,
        CancellationToken cancellation)
    {
        var services = onCluster ? await ThrowawayServices.StartAsync("load", Shards, redisCluster: false, cancellation) : null;
        var folder = new ScratchFolder("load");
        try
        {
            var tokens = await RobotFactory.FillAsync(folder, services?.Cluster, robots, cancellation);
            var plan = new HostPlan(program, folder.Path)
            {
                Cluster = services?.Cluster,
                IsDevelopment = isDevelopment,
                HasOwnSession = true,
            };
            return new LocalServer(services, folder, await HostChild.StartAsync(plan, cancellation), tokens);
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

    private async Task<string> EndedAsync() => $"it ended with exit code {await _host.Ended}";
}
