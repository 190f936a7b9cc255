using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Balancers;

/// <summary>Two hosts that take the word of a balancer on this machine.</summary>
public sealed class BalancedHosts : IAsyncLifetime
{
    /// <summary>Connections that a host takes of one address.</summary>
    public const int ConnectionsPerAddress = 3;

    internal BalancedHost First { get; } = new();

    internal BalancedHost Second { get; } = new();

    public async ValueTask InitializeAsync() => await Task.WhenAll(First.StartAsync(), Second.StartAsync());

    public ValueTask DisposeAsync()
    {
        First.Dispose();
        Second.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>One of them.</summary>
internal sealed class BalancedHost : IDisposable
{
    private readonly ScratchFolder _data = new("end-to-end");
    private ChildHost? _host;

    public int Port { get; } = FreePorts.Find();

    /// <summary>Where it answers whether it is ready.</summary>
    public int OpsPort { get; } = FreePorts.Find();

    /// <summary>Starts it, for the first time or anew.</summary>
    public async Task StartAsync()
    {
        _host?.Dispose();
        _host = await TestHost.StartAsync(
            _data, $"Tls:Port={Port}", $"Ops:Port={OpsPort}", "Listen:ProxyNetworks:0=127.0.0.0/8", "Limits:CountLoopback=true",
            $"Limits:ConnectionsPerAddress={BalancedHosts.ConnectionsPerAddress}",
            "Logging:LogLevel:Swiper.Host.Connections.PortGuard=Debug");
    }

    public Task StopAsync() => _host!.TerminateAsync();

    /// <summary>Whether the balancer has passed on the client's connection to this host, and told whose it is.</summary>
    public bool Knows(BalancedClient client) =>
        _host!.Output.Contains($" of {client.Address} through 127.0.0.1:", StringComparison.Ordinal);

    public void Dispose()
    {
        _host?.Dispose();
        _data.Dispose();
    }
}
