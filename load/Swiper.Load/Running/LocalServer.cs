using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Accounts;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Robots;
using Swiper.Local.Services;
using Swiper.Storage;

namespace Swiper.Load.Running;

/// <summary>A host of the runner's own, with people in its store: on a new folder, or on services of its own. Disposed, all of it is deleted.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private const int Shards = 2;

    private static readonly string[] ServiceNames = [.. Enumerable.Range(0, Shards).Select(shard => $"mysql-{shard}"), "redis-0"];

    private readonly ThrowawayServices? _services;
    private readonly HostChild _host;

    private LocalServer(ThrowawayServices? services, HostChild host, IReadOnlyList<string> tokens)
    {
        _services = services;
        _host = host;
        Server = new LoadServer
        {
            EndPoint = new DnsEndPoint(host.EndPoint.Address.ToString(), host.EndPoint.Port),
            Tokens = tokens,
            OutboxFolder = host.Data,
            ProcessId = host.ProcessId,
            ServiceProcessIds = services is null ? [] : [.. ServiceNames.Select(services.ProcessId)],
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
    public static async Task<LocalServer> StartAsync(string program, int robots, bool isDevelopment, bool onCluster, CancellationToken cancellation)
    {
        var services = onCluster ? await ThrowawayServices.StartAsync("load", Shards, redisCluster: false, cancellation) : null;
        var folder = Repository.CreateScratch("load-");
        try
        {
            var tokens = await MakePeopleAsync(folder, services, robots, cancellation);
            var plan = new HostPlan(program, folder) { Services = services, IsDevelopment = isDevelopment, HasOwnSession = true };
            return new LocalServer(services, await HostChild.StartAsync(plan, cancellation), tokens);
        }
        catch
        {
            folder.Refresh();
            if (folder.Exists)
                folder.Delete(recursive: true);
            if (services is not null)
                await services.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        if (_services is not null)
            await _services.DisposeAsync();
    }

    private static async Task<IReadOnlyList<string>> MakePeopleAsync(
        DirectoryInfo folder, ThrowawayServices? services, int robots, CancellationToken cancellation)
    {
        if (robots == 0)
            return [];
        // Whoever is made here is not asked for again.
        string[] settings = [.. services?.Settings ?? ["Storage:Engine=embedded"], $"Storage:Data={folder.FullName}", "Storage:CachedProfiles=100"];
        await using var store = RobotStore.Compose(settings, heedEnvironment: false);
        var engine = store.GetRequiredService<IStorageEngine>();
        await engine.StartAsync(cancellation);
        await using var tokens = new StringWriter();
        // One town: everybody is near enough to everybody for any deck.
        await RobotFactory.MakeAsync(engine, store.GetRequiredService<ITokens>(), robots, new RobotTown(52.52, 13.405, radiusKm: 10, seed: 1), tokens);
        return tokens.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task<string> EndedAsync()
    {
        await _host.Ended;
        return _host.ExitCode is { } code ? $"it ended with exit code {code}" : "it ended";
    }
}
