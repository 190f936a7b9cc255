using Swiper.Load.Running;
using Swiper.Local.Hosts;

[assembly: AssemblyFixture(typeof(Swiper.Load.Tests.SharedServer))]

namespace Swiper.Load.Tests;

/// <summary>One host with users, shared by all tests that do not damage it.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private const int Robots = 2000;

    private LocalServer? _server;

    internal LoadServer Server => _server!.Server;

    public async ValueTask InitializeAsync() => _server = await StartOwnAsync();

    public async ValueTask DisposeAsync() => await _server!.DisposeAsync();

    /// <summary>A separate host, for a test that damages it.</summary>
    internal static Task<LocalServer> StartOwnAsync() =>
        LocalServer.StartAsync(HostPlan.BesideThisProgram, Robots, isDevelopment: true, onCluster: false, CancellationToken.None);
}
