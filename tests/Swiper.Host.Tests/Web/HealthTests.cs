using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Host.Web;
using Swiper.Storage;

namespace Swiper.Host.Tests.Web;

/// <summary>What a balancer and monitoring are told of a host. The faults of stores are in the end-to-end tests.</summary>
[Collection(nameof(Alone))] // Their metrics are of all hosts in the process.
public sealed class HealthTests
{
    [Fact]
    public async Task A_host_with_nothing_wrong_is_ready()
    {
        await using var host = await TestHost.StartAsync("Storage:LowSpace=0");
        using var port = new HttpClient { BaseAddress = host.OpsPort };
        using var socket = new OperationsClient(host.OperationsSocket);

        Assert.Equal("""{"ready":true,"reasons":[]}""", await port.GetStringAsync("health/ready"));
        Assert.True((bool)(await socket.GetAsync<JsonObject>("health/ready", default))["ready"]!);
        var metrics = await port.GetStringAsync("metrics");
        Assert.Contains("\nswiper_health_ready{otel_scope_name=\"Swiper.Host\"} 1", metrics);
        Assert.Contains("\nswiper_health_reason{otel_scope_name=\"Swiper.Host\",reason=\"follow_ups\"} 0", metrics);
    }

    [Fact]
    public async Task What_befalls_every_host_alike_is_told_and_leaves_it_ready()
    {
        var log = new RecordedLog<HealthWatch>();
        await using var host = await TestHost.StartAsync(
            services => services.AddSingleton<ILogger<HealthWatch>>(log), $"Storage:LowSpace={long.MaxValue}");
        using var port = new HttpClient { BaseAddress = host.OpsPort };

        var response = await port.GetAsync("health/ready");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var health = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.True((bool)health["ready"]!);
        var reason = Assert.Single(health["reasons"]!.AsArray())!;
        Assert.Equal(("disk", false), ((string)reason["what"]!, (bool)reason["unready"]!));
        Assert.InRange((DateTimeOffset)reason["since"]!, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Contains("bytes are free", (string)reason["detail"]!);
        Assert.Contains(
            "\nswiper_health_reason{otel_scope_name=\"Swiper.Host\",reason=\"disk\"} 1", await port.GetStringAsync("metrics"));
        Assert.EndsWith("the host is ready", Assert.Single(log.Of(3170)));
    }

    [Fact]
    public async Task A_host_that_is_to_stop_is_not_ready_from_then_on()
    {
        await using var host = await TestHost.StartAsync("Storage:LowSpace=0");
        using var port = new HttpClient { BaseAddress = host.OpsPort };

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var response = await port.GetAsync("health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var health = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.False((bool)health["ready"]!);
        Assert.Equal("draining", (string)Assert.Single(health["reasons"]!.AsArray())!["what"]!);
        Assert.Equal("live", await port.GetStringAsync("health/live"));
    }

    [Fact]
    public async Task A_host_that_does_not_come_to_look_after_itself_is_not_ready_after_five_seconds_until_it_does()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var engine = DispatchProxy.Create<IStorageEngine, BusyEngine>();
        var busy = (BusyEngine)(object)engine;
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var watch = new HealthWatch(
            engine, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), services.GetRequiredService<IMeterFactory>(),
            clock, NullLogger<HealthWatch>.Instance);
        await watch.StartAsync(default);
        var last = clock.GetUtcNow();
        busy.MayLook.Reset();
        try
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            Assert.True(watch.Now.Ready);

            clock.Advance(TimeSpan.FromMilliseconds(1));

            Assert.False(watch.Now.Ready);
            var reason = Assert.Single(watch.Now.Reasons);
            Assert.Equal(("stalled", true, last), (reason.What, reason.Unready, reason.Since));
        }
        finally
        {
            busy.MayLook.Set();
        }

        await Eventually.HoldsAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(500));
                return watch.Now is { Ready: true, Reasons: [] };
            },
            "a look");
        await watch.StopAsync(default);
    }

    /// <summary>An engine that has nothing to say of its health, and that can keep whoever asks.</summary>
    public class BusyEngine : DispatchProxy
    {
        public ManualResetEventSlim MayLook { get; } = new(initialState: true);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Assert.Equal(nameof(IStorageEngine.FindReasons), targetMethod?.Name);
            MayLook.Wait();
            return Array.Empty<HealthReason>();
        }
    }

    [Fact]
    public async Task Scrapers_that_ask_without_end_share_what_is_collected_and_hold_up_nobody()
    {
        const int Pings = 2_000;
        await using var host = await TestHost.StartAsync();
        using var port = new HttpClient { BaseAddress = host.OpsPort };
        using var enough = new CancellationTokenSource();
        var collected = new ConcurrentDictionary<string, bool>();
        var begun = Stopwatch.GetTimestamp();
        var scrapers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                collected.TryAdd(await port.GetStringAsync("metrics"), true);
                Assert.NotEmpty(await port.GetStringAsync("health/ready"));
            }
        })).ToArray();

        await using var client = await host.ConnectAsync();
        for (uint ping = 1; ping <= Pings; ping++)
            Assert.Equal(Core.Protocol.StatusCode.Ok, (await client.CallAsync(ping, Core.Protocol.Opcode.Ping)).Status);
        await enough.CancelAsync();
        await Task.WhenAll(scrapers).Soon();

        // Each text is kept for 300 ms, and no two are alike: they tell the processor's time.
        Assert.InRange(collected.Count, 1, 2 + (int)(Stopwatch.GetElapsedTime(begun).TotalMilliseconds / 300));
    }
}
