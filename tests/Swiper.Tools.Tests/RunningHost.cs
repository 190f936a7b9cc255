using System.Diagnostics;
using System.Net;
using Swiper.Client;
using Swiper.Local.Services;

namespace Swiper.Tools.Tests;

/// <summary>A host on a given data folder, or on services, until it is disposed.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private RunningHost(string data, ThrowawayServices? services)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                ToolRun.BuiltFile("Swiper.Host.dll"), "--environment", "Development", "--data", data, "--port", "0", "--set", "Tls:Enabled=false",
            ])
        {
            RedirectStandardOutput = true,
        };
        services?.Configure(start);
        _process = Process.Start(start)!;
    }

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    public static async Task<RunningHost> StartAsync(string data, ThrowawayServices? services = null)
    {
        var host = new RunningHost(data, services);
        try
        {
            await host.WaitUntilItListensAsync().WaitAsync(Patience);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public Task<SwiperClient> ConnectAsync() =>
        SwiperClient.ConnectAsync(new SwiperClientOptions { Host = EndPoint.Address.ToString(), Port = EndPoint.Port, UseTls = false, Reconnect = false });

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitUntilItListensAsync()
    {
        const string Before = "listens on tcp ";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var at = line.IndexOf(Before, StringComparison.Ordinal);
            if (at < 0)
                continue;
            var address = line[(at + Before.Length)..];
            EndPoint = IPEndPoint.Parse(address[..address.IndexOf(';', StringComparison.Ordinal)]);
            return;
        }
        throw new InvalidOperationException("the host ended before it listened");
    }
}
