using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Balancers;

/// <summary>Two hosts that take the word of a balancer on this machine, each with what tells whether it is ready.</summary>
public sealed class BalancedHosts : IAsyncLifetime
{
    /// <summary>Connections that a host takes of one address.</summary>
    public const int ConnectionsPerAddress = 3;

    internal BalancedHost First { get; } = new();

    internal BalancedHost Second { get; } = new();

    public async ValueTask InitializeAsync() => await Task.WhenAll(First.StartAsync(), Second.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }
}

/// <summary>One of them.</summary>
internal sealed class BalancedHost : IAsyncDisposable
{
    private readonly ScratchFolder _data = new("end-to-end");
    private WebApplication? _health;
    private ChildHost? _host;

    public int Port => _host!.TlsEndPoint!.Port;

    public int HealthPort => new Uri(_health!.Urls.Single()).Port;

    /// <summary>What it answers to a balancer that asks.</summary>
    public bool IsReady { get; set; } = true;

    public async Task StartAsync()
    {
        _host = await TestHost.StartAsync(
            _data, "Listen:ProxyNetworks:0=127.0.0.0/8", "Limits:CountLoopback=true",
            $"Limits:ConnectionsPerAddress={BalancedHosts.ConnectionsPerAddress}",
            "Logging:LogLevel:Swiper.Host.Connections.PortGuard=Debug");
        _health = WebApplication.CreateSlimBuilder().Build();
        _health.Urls.Add("http://127.0.0.1:0");
        _health.MapGet("/health/ready", () => IsReady ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        await _health.StartAsync();
    }

    /// <summary>Whether the balancer has passed on the client's connection to this host, and told whose it is.</summary>
    public bool Knows(BalancedClient client) =>
        _host!.Output.Contains($" of {client.Address} through 127.0.0.1:", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        _host?.Dispose();
        if (_health is not null)
            await _health.DisposeAsync();
        _data.Dispose();
    }
}
