using System.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Options;
using Swiper.Host.Tests.Web;

namespace Swiper.Host.Tests.Connections;

public sealed class EpollTrafficTests() : TrafficContract(TransportKind.Epoll);

public sealed class SocketsTrafficTests() : TrafficContract(TransportKind.Sockets);

/// <summary>What the metrics of a host say of the traffic that it had.</summary>
public abstract class TrafficContract(TransportKind transport) : OnATransport(transport)
{
    private const int Echoes = 100;

    [Fact]
    public async Task Requests_are_counted_by_opcode_and_code_and_so_are_bytes()
    {
        await using var host = await StartHostAsync();
        using var metrics = new HostMetrics(host);
        await using var client = await host.ConnectAsync();
        var echo = Wire.Frame(Wire.Request(1, Opcode.Echo, (ref args) =>
        {
            args.WriteArrayHeader(1);
            args.WriteBinary(new byte[32]);
        }));
        byte[] sent =
        [
            .. Enumerable.Repeat(echo, Echoes).SelectMany(frame => frame),
            .. Wire.Frame(Wire.Request(2, Opcode.Ping)),
            .. echo,
            .. Wire.Frame(Wire.Request(3, Opcode.Hello)),
            .. Wire.Frame(Wire.Request(4, Opcode.Profile)),
        ];
        await client.SendAsync(sent);
        var received = new List<ServerFrame>();
        while (received.Count < Echoes + 4)
            received.Add(await client.NextAsync());

        await HoldsAsync(metrics, "swiper.requests op=echo code=0", Echoes + 1);
        await HoldsAsync(metrics, "swiper.requests op=ping code=0", 1);
        await HoldsAsync(metrics, "swiper.requests op=hello code=1001", 1);
        await HoldsAsync(metrics, "swiper.requests op=profile code=2000", 1);
        await HoldsAsync(metrics, "swiper.io direction=receive", sent.Length);
        Assert.Equal(Echoes + 4, metrics.Sum("swiper.requests"));
        // A reply is [1, id, code, data] behind its length.
        await HoldsAsync(metrics, "swiper.io direction=transmit", received.Sum(static reply =>
            FrameReader.LengthPrefix + 3 + Wire.Write((ref code) => code.WriteInt64((long)reply.Status)).Length + reply.Content.Length));
        Assert.Equal(1, metrics["swiper.connections.accepted transport=tcp"]);
        Assert.Equal(1, metrics["swiper.connections.open"]);
    }

    [Fact]
    public async Task Opcodes_that_nobody_knows_are_one()
    {
        await using var host = await StartHostAsync();
        using var metrics = new HostMetrics(host);
        await using var client = await host.ConnectAsync();
        int[] unknown = [0, 4, 999, 1024, 5000, ushort.MaxValue];
        foreach (var opcode in unknown)
            Assert.Equal(StatusCode.UnknownOpcode, (await client.CallAsync(1, (Opcode)opcode)).Status);
        await client.SendAsync(Wire.Frame([0x94, 0x00, 12, 0xce, 0x00, 0x01, 0x00, 0x00, 0x90]));
        Assert.Equal(StatusCode.UnknownOpcode, (await client.NextAsync()).Status);
        await client.SendAsync(Wire.Frame([0x90]));
        Assert.Equal(StatusCode.ProtocolError, Assert.Single(await client.ReadToEndAsync()).Status);

        await HoldsAsync(metrics, "swiper.requests op=unknown code=1003", unknown.Length + 1);
        await HoldsAsync(metrics, "swiper.requests op=unknown code=1006", 1);
        Assert.Equal(unknown.Length + 2, metrics.Sum("swiper.requests"));
    }

    [Fact]
    public async Task Requests_that_wait_are_in_flight_until_they_are_answered()
    {
        const int Waiting = 5;
        await using var host = await StartHostAsync();
        using var metrics = new HostMetrics(host);
        await using var client = await host.ConnectAsync();
        for (var id = 0u; id < Waiting; id++)
            await client.RequestAsync(id, TestSlice.Gated);
        await host.Slice.ArrivedAsync(Waiting);
        await HoldsAsync(metrics, "swiper.requests.in_flight", Waiting);
        Assert.Equal(0, metrics["swiper.requests op=900 code=0"]);

        host.Slice.Open();
        for (var id = 0u; id < Waiting; id++)
            await client.NextAsync();
        await HoldsAsync(metrics, "swiper.requests.in_flight", 0);
        await HoldsAsync(metrics, "swiper.requests op=900 code=0", Waiting);
        await Eventually.HoldsAsync(() => metrics.Recorded("swiper.request.duration op=900").Length == Waiting, "all are timed");
    }

    [Fact]
    public async Task While_requests_are_few_each_is_timed_from_its_arrival_whatever_it_waits_for()
    {
        await using var host = await StartHostAsync();
        using var metrics = new HostMetrics(host);
        await using var client = await host.ConnectAsync();
        // In one piece, so that both arrive before the first begins.
        await client.SendAsync((byte[])[.. Wire.Frame(Wire.Request(1, TestSlice.Alone)), .. Wire.Frame(Wire.Request(2, Opcode.Ping))]);
        await host.Slice.ArrivedAsync(1);
        await HoldsAsync(metrics, "swiper.connections.paused", 1);
        var begun = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(() => Stopwatch.GetElapsedTime(begun).TotalMilliseconds > 20, "a wait that can be told from none");
        var waited = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        host.Slice.Open();
        await client.NextAsync();
        await client.NextAsync();

        await HoldsAsync(metrics, "swiper.connections.paused", 0);
        await Eventually.HoldsAsync(() => metrics.Recorded("swiper.request.duration op=ping").Length == 1, "it is timed");
        Assert.True(Assert.Single(metrics.Recorded("swiper.request.duration op=906")) >= waited);
        Assert.True(Assert.Single(metrics.Recorded("swiper.request.duration op=ping")) >= waited);
    }

    [Fact]
    public async Task Sessions_and_pushes_are_counted()
    {
        await using var host = await StartHostAsync();
        using var metrics = new HostMetrics(host);
        await using (var client = await host.ConnectAsync())
        {
            await client.CallAsync(1, TestSlice.Enter);
            Assert.Equal(1, metrics["swiper.sessions"]);
            host.Slice.Registry!.Push(1, Opcode.Matched, 1, new PersonPush(2, 3));
            host.Slice.Registry.Push(1, Opcode.Matched, 1, new PersonPush(2, 3));
            host.Slice.Registry.Push(1, Opcode.Superliked, 2, new PersonPush(2, 3));
            // Of a newer version, from the store.
            host.Slice.Registry.Push(1, (Opcode)60_000, 3, new PersonPush(2, 3));
            for (var push = 0; push < 3; push++)
                await client.NextAsync();
        }
        Assert.Equal(1, metrics["swiper.pushes op=matched"]);
        Assert.Equal(1, metrics["swiper.pushes op=superliked"]);
        Assert.Equal(1, metrics["swiper.pushes op=unknown"]);
        Assert.Equal(3, metrics.Sum("swiper.pushes"));
        await HoldsAsync(metrics, "swiper.sessions", 0);
        await HoldsAsync(metrics, "swiper.connections.open", 0);
    }

    [Fact]
    public async Task Throttles_are_counted_by_whose_they_are()
    {
        await using var host = await StartHostAsync("Quotas:SearchesPerMinute=1", "Accounts:SignInsPerAddressPerMinute=1");
        using var metrics = new HostMetrics(host);
        await using var client = await host.ConnectAsync();
        host.Slice.Open();
        await client.CallAsync(1, TestSlice.Enter);
        Assert.Equal(StatusCode.Ok, (await client.CallAsync(2, TestSlice.Search)).Status);
        Assert.Equal(StatusCode.Throttled, (await client.CallAsync(3, TestSlice.Search)).Status);
        Assert.Equal(StatusCode.BadParams, (await client.CallAsync(4, Opcode.RequestCode)).Status);
        Assert.Equal(StatusCode.Throttled, (await client.CallAsync(5, Opcode.RequestCode)).Status);

        await HoldsAsync(metrics, "swiper.requests.throttled op=905 scope=user", 1);
        await HoldsAsync(metrics, "swiper.requests.throttled op=request_code scope=address", 1);
        await HoldsAsync(metrics, "swiper.requests op=905 code=1005", 1);
        await HoldsAsync(metrics, "swiper.requests op=request_code code=1005", 1);
        Assert.Equal(2, metrics.Sum("swiper.requests.throttled"));
    }

    [Fact]
    public async Task Handshakes_are_counted_by_their_outcome()
    {
        await using var host = await StartHostAsync("Tls:Enabled=true");
        using var metrics = new HostMetrics(host);
        await using (var client = await TestClient.ConnectAsync(host.Tls, stream => HandshakeAsync(stream)))
            Assert.Equal(StatusCode.Ok, (await client.CallAsync(1, Opcode.Ping)).Status);
        await using (var stranger = await TestClient.ConnectAsync(host.Tls))
        {
            await stranger.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            await HoldsAsync(metrics, "swiper.tls.handshakes outcome=failed", 1);
        }
        Assert.Equal(1, metrics["swiper.tls.handshakes outcome=ok"]);
        Assert.Equal(2, metrics["swiper.connections.accepted transport=tls"]);

        await using var impatient = await StartHostAsync("Tls:Enabled=true", "Tls:HandshakeTimeout=00:00:00.1");
        using var itsMetrics = new HostMetrics(impatient);
        await using var silent = await TestClient.ConnectAsync(impatient.Tls);
        await HoldsAsync(itsMetrics, "swiper.tls.handshakes outcome=timeout", 1);

        static async Task<Stream> HandshakeAsync(Stream stream) => await TestClient.HandshakeAsync(stream);
    }

    [Fact]
    public async Task A_host_may_count_nothing()
    {
        await using var host = await StartHostAsync("Ops:Metrics=false");
        using var metrics = new HostMetrics(host);
        await using var client = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await client.CallAsync(1, Opcode.Ping)).Status);
        host.Slice.Open();
        Assert.Equal(StatusCode.Ok, (await client.CallAsync(2, TestSlice.Gated)).Status);
        Assert.Equal(0, metrics.Sum("swiper.requests") + metrics.Sum("swiper.io"));
        Assert.Equal(1, metrics["swiper.connections.open"]);
    }

    // Counted once it is sent, so a client may know before.
    private static Task HoldsAsync(HostMetrics metrics, string name, double value) =>
        Eventually.HoldsAsync(() => metrics[name] is var now && now == value, $"{name} is {value}");
}
