using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Host.Connections;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Connections;

public sealed class EpollBalancerTests() : BalancerContract(TransportKind.Epoll);

public sealed class SocketsBalancerTests() : BalancerContract(TransportKind.Sockets);

/// <summary>The tests are the balancer: they connect from its network and say whom they speak for.</summary>
public abstract class BalancerContract(TransportKind transport) : OnATransport(transport)
{
    private const string FromLoopback = "Listen:ProxyNetworks:0=127.0.0.0/8";
    private const string FromElsewhere = "Listen:ProxyNetworks:0=192.0.2.0/24";

    // Of version 2, from 192.0.2.7, port 4711, with a TLV.
    private static readonly byte[] Binary =
    [
        .. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11, 0, 16, 192, 0, 2, 7, 127, 0, 0, 1, 0x12, 0x67, 0x1c, 0xe8, 0x04, 0, 1, 0,
    ];

    private readonly RecordedLog<PortGuard> _log = new();

    public static TheoryData<byte[], string> Headers => new()
    {
        { Text("192.0.2.7", 4711), "192.0.2.7:4711" },
        { Binary, "192.0.2.7:4711" },
        { Text("2001:db8::7", 4711), "[2001:db8::7]:4711" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_connection_is_the_clients_whom_the_header_names(byte[] header, string client)
    {
        await using var host = await StartAsync(FromLoopback);
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync((byte[])[.. header, .. Ping(1)]);
        Assert.Equal((1u, StatusCode.Ok), Code(await connection.NextAsync()));
        Assert.Equal(StatusCode.Ok, (await connection.CallAsync(2, Opcode.Ping)).Status);
        Assert.Contains($" of {client} through 127.0.0.1:", Assert.Single(_log.Of(2052)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_header_may_come_byte_by_byte(byte[] header, string client)
    {
        await using var host = await StartAsync(FromLoopback);
        await using var connection = await host.ConnectAsync();
        foreach (var one in (byte[])[.. header, .. Ping(1)])
            await connection.SendAsync((byte[])[one]);
        Assert.Equal((1u, StatusCode.Ok), Code(await connection.NextAsync()));
        Assert.Contains($" of {client} ", Assert.Single(_log.Of(2052)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_header_comes_before_the_handshake_of_TLS(byte[] header, string client)
    {
        await using var host = await StartAsync(FromLoopback, "Tls:Enabled=true");
        await using var connection = await TestClient.ConnectAsync(host.Tls, async stream =>
        {
            await stream.WriteAsync(header);
            return await TestClient.HandshakeAsync(stream);
        });
        Assert.Equal(StatusCode.Ok, (await connection.CallAsync(1, Opcode.Ping)).Status);
        Assert.Contains($" of {client} ", Assert.Single(_log.Of(2052)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_balancer_has_no_share_and_its_clients_have_theirs()
    {
        await using var host = await StartAsync(FromLoopback, "Limits:CountLoopback=true", "Limits:ConnectionsPerAddress=2");
        var clients = new List<TestClient>();
        foreach (var number in Enumerable.Range(1, 4))
        {
            for (var connections = 0; connections < 2; connections++)
                clients.Add(await PassAsync(host, Text($"192.0.2.{number}", 4711)));
        }
        foreach (var client in clients)
            Assert.Equal(StatusCode.Ok, (await client.CallAsync(2, Opcode.Ping)).Status);
        await using (var third = await host.ConnectAsync())
        {
            await third.SendAsync((byte[])[.. Text("192.0.2.1", 4711), .. Ping(1)]);
            Assert.Null(await third.ReadAsync());
        }

        // One of another address makes no place for it, one of its own does.
        await clients[2].DisposeAsync();
        await clients[0].DisposeAsync();
        await Eventually.HoldsAsync(async () =>
        {
            await using var next = await host.ConnectAsync();
            await next.SendAsync((byte[])[.. Text("192.0.2.1", 4711), .. Ping(1)]);
            return await next.ReadAsync() is not null;
        }, "a place for the address");
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task Limits_by_address_are_the_clients()
    {
        await using var host = await StartAsync(FromLoopback, "Accounts:CodesPerAddressPerHour=1");
        await using var first = await PassAsync(host, Text("192.0.2.1", 4711));
        await using var neighbour = await PassAsync(host, Text("192.0.2.1", 4712));
        await using var other = await PassAsync(host, Text("192.0.2.2", 4711));
        Assert.Equal(StatusCode.Ok, await AskAsync(first, "+15550000001"));
        Assert.Equal(StatusCode.Throttled, await AskAsync(neighbour, "+15550000002"));
        Assert.Equal(StatusCode.Ok, await AskAsync(other, "+15550000003"));

        static async Task<StatusCode> AskAsync(TestClient client, string phone) => (await client.CallAsync(
            2, Opcode.RequestCode, (ref args) => new RequestCodeRequest(phone).Write(ref args))).Status;
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\0\0\u0003abc")]
    public async Task The_balancers_own_connections_are_served_whatever_share_an_address_has(string header)
    {
        await using var host = await StartAsync(FromLoopback, "Limits:CountLoopback=true", "Limits:ConnectionsPerAddress=1");
        await using var first = await PassAsync(host, Encoding.Latin1.GetBytes(header));
        await using var second = await PassAsync(host, Encoding.Latin1.GetBytes(header));
        Assert.Equal(StatusCode.Ok, (await first.CallAsync(2, Opcode.Ping)).Status);
    }

    [Theory]
    [InlineData("", "no PROXY header")]
    [InlineData("PROXY TCP4 192.0.2.1\r\n", "an invalid PROXY header")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\u0011\u00ff\u00ff", "an invalid PROXY header")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u0004abcd", "an invalid PROXY header")]
    public async Task What_comes_from_the_balancers_network_without_a_header_is_refused(string header, string what)
    {
        await using var host = await StartAsync(FromLoopback);
        using var refused = new Refusals();
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync((byte[])[.. Encoding.Latin1.GetBytes(header), .. Ping(1)]);
        Assert.Null(await connection.ReadAsync());
        Assert.Equal(
            $"1 connections from Listen:ProxyNetworks refused; the last one of 127.0.0.1, which sent {what}",
            Assert.Single(_log.Of(2051)));
        Assert.InRange(refused.Of("proxy_header"), 1, int.MaxValue);
    }

    [Fact]
    public async Task A_header_that_does_not_come_is_not_awaited_longer_than_a_first_frame_or_a_handshake()
    {
        await using var host = await StartAsync(
            FromLoopback, "Tls:Enabled=true", "Limits:FirstFrame=00:00:00.2", "Tls:HandshakeTimeout=00:00:00.2");
        foreach (var port in (IPEndPoint[])[host.Tcp, host.Tls])
        {
            await using var connection = await TestClient.ConnectAsync(port);
            await connection.TrySendAsync(Binary.AsMemory(0, 20));
            Assert.Null(await connection.ReadAsync());
        }
        Assert.Contains("no whole PROXY header in time", _log.Of(2051)[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FromElsewhere)]
    [InlineData("Limits:MaxFrame=65536")]
    public async Task A_header_of_one_who_is_no_balancer_is_refused_on_both_ports(string setting)
    {
        await using var host = await StartAsync(setting, "Tls:Enabled=true");
        using var refused = new Refusals();
        foreach (var port in (IPEndPoint[])[host.Tcp, host.Tls])
        {
            foreach (var header in (byte[][])[Text("192.0.2.1", 4711), Binary])
            {
                await using var connection = await TestClient.ConnectAsync(port);
                await connection.SendAsync((byte[])[.. header, .. Ping(1)]);
                Assert.Null(await connection.ReadAsync());
            }
        }
        Assert.Equal(
            "1 connections refused with a PROXY header from outside Listen:ProxyNetworks; the last one of 127.0.0.1", _log.Of(2050)[0]);
        Assert.InRange(refused.Of("proxy_stranger"), 4, int.MaxValue);

        await using var honest = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await honest.CallAsync(1, Opcode.Ping)).Status);
        await using var overTls = await TestClient.ConnectAsync(host.Tls, async stream => await TestClient.HandshakeAsync(stream));
        Assert.Equal(StatusCode.Ok, (await overTls.CallAsync(1, Opcode.Ping)).Status);
    }

    [Fact]
    public async Task One_who_looks_whether_the_port_is_open_is_no_news()
    {
        await using var host = await StartAsync(FromLoopback);
        await using (var look = await host.ConnectAsync())
        {
            look.EndSending();
            Assert.Null(await look.ReadAsync());
        }
        Assert.Empty(_log.Of(2051));
    }

    [Fact]
    public async Task A_host_that_stops_tells_those_who_have_said_nothing_yet_and_does_not_wait_for_balancers()
    {
        await using var host = await StartAsync("Limits:Drain=00:10:00", "Limits:FirstFrame=00:10:00");
        await using var silent = await host.ConnectAsync();
        await using var other = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await other.CallAsync(1, Opcode.Ping)).Status);
        await Eventually.HoldsAsync(() => OpenOf(host) == 2, "both have been accepted");
        var stopping = host.StopAsync();
        Assert.Equal((uint)Opcode.Draining, (await silent.NextAsync()).Id);
        await stopping.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);

        await using var behind = await StartAsync(FromLoopback, "Limits:Drain=00:10:00", "Limits:FirstFrame=00:10:00");
        await using var balancer = await behind.ConnectAsync();
        await Eventually.HoldsAsync(() => OpenOf(behind) == 1, "the balancer's has been accepted");
        await behind.StopAsync().WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        Assert.Null(await balancer.ReadAsync());
    }

    private static byte[] Text(string client, int port) => Encoding.ASCII.GetBytes(
        $"PROXY TCP{(client.Contains(':', StringComparison.Ordinal) ? "6 " : "4 ")}{client} {client} {port} 7400\r\n");

    private static byte[] Ping(uint id) => Wire.Frame(Wire.Request(id, Opcode.Ping));

    private static int OpenOf(TestHost host) => host.Services.GetRequiredService<Admission>().Open;

    private static (uint Id, StatusCode Code) Code(ServerFrame reply) => (reply.Id, reply.Status);

    private static async Task<TestClient> PassAsync(TestHost host, byte[] header)
    {
        var client = await host.ConnectAsync();
        await client.SendAsync((byte[])[.. header, .. Ping(1)]);
        Assert.Equal(StatusCode.Ok, (await client.NextAsync()).Status);
        return client;
    }

    private Task<TestHost> StartAsync(params string[] settings) =>
        StartHostAsync(services => services.AddSingleton<ILogger<PortGuard>>(_log), settings);

    /// <summary>Connections refused since it was made, by any host of this process.</summary>
    private sealed class Refusals : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, long> _counts = [];

        public Refusals()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "swiper.connections.refused")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                lock (_counts)
                    _counts[(string)tags[0].Value!] = _counts.GetValueOrDefault((string)tags[0].Value!) + count;
            });
            _listener.Start();
        }

        public long Of(string reason)
        {
            lock (_counts)
                return _counts.GetValueOrDefault(reason);
        }

        public void Dispose() => _listener.Dispose();
    }
}
