using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Options;
using Swiper.Host.Tests.Web;
using Swiper.Host.Transport;

namespace Swiper.Host.Tests.Connections;

public sealed class EpollSlowRequestTests() : SlowRequestContract(TransportKind.Epoll);

public sealed class SocketsSlowRequestTests() : SlowRequestContract(TransportKind.Sockets);

/// <summary>Requests past Ops:SlowRequest are told of.</summary>
public abstract partial class SlowRequestContract(TransportKind transport)
{
    private readonly RecordedLog<SlowRequests> _log = new();

    [Fact]
    public async Task A_slow_request_is_logged_with_what_it_waited_for_and_counted()
    {
        await using var host = await StartHostAsync("Ops:SlowRequest=00:00:00.02");
        using var metrics = new HostMetrics(host);
        await using var client = await host.ConnectAsync();
        await client.CallAsync(1, TestSlice.Enter);
        await client.RequestAsync(2, TestSlice.Write);
        await host.Slice.ArrivedAsync(1);
        await TimeOf(25);
        host.Slice.Open();
        await client.NextAsync();

        await Eventually.HoldsAsync(() => metrics["swiper.requests.slow op=907"] == 1, "it is counted");
        // Whatever else was slow on a busy machine was told of, or is the count of a later line.
        var lines = _log.Of(1050);
        if (lines.Count == 1 && metrics.Sum("swiper.requests.slow") == 1)
        {
            var line = Told().Match(lines[0]);
            Assert.True(line.Success, lines[0]);
            Assert.Equal(("907", "1", "0"), (line.Groups["op"].Value, line.Groups["uid"].Value, line.Groups["code"].Value));
            Assert.True(int.Parse(line.Groups["rest"].Value) >= 24, lines[0]);
        }
    }

    [Fact]
    public async Task A_stall_of_all_is_one_line_a_second_and_all_are_counted()
    {
        const int Requests = 100;
        await using var host = await StartHostAsync("Ops:SlowRequest=00:00:00.001");
        using var metrics = new HostMetrics(host);
        await using var client = await host.ConnectAsync();
        var begun = Stopwatch.GetTimestamp();
        for (var id = 0u; id < Requests; id++)
            await client.RequestAsync(id, TestSlice.Gated);
        await host.Slice.ArrivedAsync(Requests);
        await TimeOf(2);
        host.Slice.Open();
        for (var answered = 0; answered < Requests; answered++)
            Assert.Equal(StatusCode.Ok, (await client.NextAsync()).Status);

        await Eventually.HoldsAsync(() => metrics["swiper.requests.slow op=900"] == Requests, "all are counted");
        await Eventually.HoldsAsync(() => _log.Of(1050).Count > 0, "the first line");
        Assert.InRange(_log.Of(1050).Count, 1, 1 + (int)Stopwatch.GetElapsedTime(begun).TotalSeconds + 1);
    }

    [Fact]
    public async Task Fast_requests_are_not_told_of()
    {
        await using var host = await StartHostAsync("Ops:SlowRequest=01:00:00");
        using var metrics = new HostMetrics(host);
        await using var client = await host.ConnectAsync();
        host.Slice.Open();
        await client.CallAsync(1, TestSlice.Gated);
        await client.CallAsync(2, Opcode.Ping);
        await Eventually.HoldsAsync(() => metrics.Sum("swiper.requests") == 2, "both are counted");

        Assert.Equal(0, metrics.Sum("swiper.requests.slow"));
        Assert.Empty(_log.Entries);
    }

    private static Task TimeOf(int milliseconds)
    {
        var begun = Stopwatch.GetTimestamp();
        return Eventually.HoldsAsync(() => Stopwatch.GetElapsedTime(begun).TotalMilliseconds > milliseconds, "time that is too long");
    }

    private Task<TestHost> StartHostAsync(params string[] settings)
    {
        Assert.SkipUnless(transport == TransportKind.Sockets || EpollTransportFactory.IsSupported, "epoll needs Linux");
        return TestHost.StartAsync(
            services => services.AddSingleton<ILogger<SlowRequests>>(_log), [$"Listen:Transport={transport}", .. settings]);
    }

    [GeneratedRegex(@"^Slow: (?<op>\w+) on \w+ of user (?<uid>\d+), code (?<code>\d+), took \d+ ms: \d+ for its turn, 0 in the lane, "
        + @"0 for the commit, (?<rest>\d+) for the rest; 1 such since the last line$")]
    private static partial Regex Told();
}
