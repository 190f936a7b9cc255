using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Swiper.Core.Dispatch;
using Swiper.Host.Web;
using Swiper.Storage;

namespace Swiper.Host.Tests;

/// <summary>The whole server in this process, on free ports and in a folder of its own.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private TestHost(WebApplication app, TemporaryFolder folder)
    {
        _app = app;
        _folder = folder;
    }

    public required TestSlice Slice { get; init; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Everything that it listens on, in the order in which that was configured.</summary>
    public IEnumerable<string> Addresses =>
        _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    public IPEndPoint Tcp => EndPoint("http:");

    public IPEndPoint Tls => EndPoint("https:");

    /// <param name="settings">Options that differ from the defaults, KEY=VALUE.</param>
    public static Task<TestHost> StartAsync(params string[] settings) => StartAsync(static _ => { }, settings);

    /// <param name="replace">Puts services of a test's own, such as a clock, in place of the server's.</param>
    /// <param name="settings">Options that differ from the defaults, KEY=VALUE.</param>
    public static async Task<TestHost> StartAsync(Action<IServiceCollection> replace, params string[] settings)
    {
        var folder = new TemporaryFolder();
        var slice = new TestSlice();
        var arguments = new HostArguments(
            "Development",
            ["Listen:Port=0", "Tls:Port=0", "Tls:Enabled=false", "Storage:Shards=1", $"Storage:Data={folder.Path}", .. settings]);
        var app = Composition.Build(arguments, services => replace(services
            .AddLogging(logging => logging.ClearProviders())
            .AddSingleton<ISlice>(slice)));
        slice.Registry = app.Services.GetRequiredService<SessionRegistry>();
        await app.StartAsync();
        return new TestHost(app, folder) { Slice = slice };
    }

    public IStorageEngine Engine => _app.Services.GetRequiredService<IStorageEngine>();

    /// <summary>The default path of its operations socket.</summary>
    public string OperationsSocket => _folder.File("ops.sock");

    /// <summary>Where its metrics and health are.</summary>
    public Uri OpsPort => new($"http://{Services.GetRequiredService<OpsPortListeners>().Bound}");

    public Task<TestClient> ConnectAsync() => TestClient.ConnectAsync(Tcp);

    /// <summary>The texts of all messages to phones so far.</summary>
    public async Task<string[]> MessagesAsync()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder, "outbox", "sms.jsonl"));
        return [.. lines.Select(line => (string)JsonNode.Parse(line)!["text"]!)];
    }

    /// <summary>Stops as the signal to end does: gracefully, as long as the drain limit allows.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        // Whatever a test left waiting must not hold up the end.
        Slice.Open();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private IPEndPoint EndPoint(string scheme)
    {
        var uri = new Uri(Addresses.Single(address =>
            address.StartsWith(scheme, StringComparison.Ordinal) && !address.Contains("unix:", StringComparison.Ordinal)
            && address != $"http://{Services.GetService<OpsPortListeners>()?.Bound}"));
        return new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port);
    }
}
