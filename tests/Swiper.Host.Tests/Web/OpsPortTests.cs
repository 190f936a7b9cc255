using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Swiper.Host.Connections;
using Swiper.Host.Transport;
using Swiper.Host.Web;

namespace Swiper.Host.Tests.Web;

/// <summary>The HTTP port that monitoring reads.</summary>
[Collection(nameof(Alone))] // Its metrics are of all hosts in the process.
public sealed class OpsPortTests
{
    [Fact]
    public async Task It_tells_how_the_host_is_doing_and_so_does_the_operations_socket()
    {
        await using var host = await TestHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.CallAsync(1, Core.Protocol.Opcode.Ping);
        using var port = new HttpClient { BaseAddress = host.OpsPort };
        using var socket = new OperationsClient(host.OperationsSocket);

        var version = await port.GetFromJsonAsync<JsonObject>("version");

        Assert.StartsWith("swiper/", (string)version!["server"]!);
        Assert.Equal((string)version["server"]!, (string)(await socket.GetAsync<JsonObject>("version", default))["server"]!);
        Assert.Equal("live", await port.GetStringAsync("health/live"));
        Assert.Contains("\nswiper_connections_open{otel_scope_name=\"Swiper.Host\"} 1", await port.GetStringAsync("metrics"));
    }

    [Fact]
    public async Task Its_metrics_show_every_instrument_of_the_host()
    {
        await using var host = await TestHost.StartAsync("Tls:Enabled=true", "Limits:Connections=1", "Quotas:SearchesPerMinute=1");
        await using var client = await TestClient.ConnectAsync(host.Tls, static async stream => await TestClient.HandshakeAsync(stream));
        host.Slice.Open();
        await client.CallAsync(1, TestSlice.Enter);
        await client.CallAsync(2, TestSlice.Search);
        Assert.Equal(Core.Protocol.StatusCode.Throttled, (await client.CallAsync(3, TestSlice.Search)).Status);
        await using var refused = await host.ConnectAsync();
        Assert.Empty(await refused.ReadToEndAsync());
        using var port = new HttpClient { BaseAddress = host.OpsPort };

        List<string> expected =
        [
            "swiper_connections_open{", "swiper_connections_accepted_total{transport=\"tls\"} 1",
            "swiper_connections_refused_total{reason=\"all\"} 1", "swiper_connections_buffered_bytes{", "swiper_connections_paused{",
            "swiper_tls_handshakes_total{outcome=\"ok\"} 1", "swiper_requests_total{code=\"0\",op=\"904\"} 1",
            "swiper_requests_total{code=\"0\",op=\"swipe\"} 0", "swiper_request_duration_seconds_bucket{op=\"905\",le=\"0.1\"}",
            "swiper_request_duration_seconds_count{op=\"905\"} 2", "swiper_requests_in_flight{",
            "swiper_requests_throttled_total{op=\"905\",scope=\"user\"} 1", "swiper_io_bytes_total{direction=\"receive\"}",
            "swiper_io_bytes_total{direction=\"transmit\"}", "swiper_pushes_total{op=\"matched\"} 0", "swiper_sessions{",
        ];
        if (EpollTransportFactory.IsSupported)
            expected.Add("swiper_loop_busy_seconds_total{loop=\"0\"}");
        // Requests are counted once their replies are sent, so a client may know before.
        await Eventually.HoldsAsync(async () =>
        {
            var metrics = await port.GetStringAsync("metrics");
            var lines = metrics.Replace("otel_scope_name=\"Swiper.Host\",", "", StringComparison.Ordinal).Split('\n');
            expected.RemoveAll(start => Array.Exists(lines, line => line.StartsWith(start, StringComparison.Ordinal)));
            return expected.Count == 0;
        }, "every row is shown");
    }

    [Fact]
    public async Task It_has_no_operations()
    {
        await using var host = await TestHost.StartAsync();
        using var port = new HttpClient { BaseAddress = host.OpsPort };

        Assert.Equal(HttpStatusCode.NotFound, (await port.GetAsync("reports")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await port.GetAsync("nothing")).StatusCode);
    }

    [Fact]
    public async Task Public_ports_serve_none_of_it()
    {
        await using var host = await TestHost.StartAsync();
        await using var client = await host.ConnectAsync();

        await client.SendAsync("GET /metrics HTTP/1.1\r\nHost: swiper\r\n\r\n"u8.ToArray());

        Assert.Equal(Core.Protocol.StatusCode.ProtocolError, Assert.Single(await client.ReadToEndAsync()).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /metrics HT")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: swiper\r\n")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: swiper\r\n\r\n")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: swiper\r\n\r\n")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: swiper\r\n\r\n", 1_000)]
    public async Task Beside_any_number_of_scrapers_that_hang_the_host_says_that_it_lives(string said, int times = 1)
    {
        await using var host = await TestHost.StartAsync();
        var hung = new List<Socket>();
        try
        {
            for (var count = 0; count < 2 * OpsConnections.Most; count++)
            {
                var scraper = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                hung.Add(scraper);
                await scraper.ConnectAsync(IPAddress.Loopback, host.OpsPort.Port);
                scraper.Blocking = false;
                // As much as there is room for: its answers are not read.
                for (var time = 0; time < times; time++)
                    scraper.Send(Encoding.ASCII.GetBytes(said), SocketFlags.None, out _);
            }

            for (var probe = 0; probe < 3; probe++)
            {
                // As a balancer asks: each time by a connection of its own.
                using var port = new HttpClient { BaseAddress = host.OpsPort, Timeout = Patience.Limit };
                Assert.Equal("live", await port.GetStringAsync("health/live"));
            }

            // Clients notice nothing.
            await using var client = await host.ConnectAsync();
            await client.CallAsync(1, Core.Protocol.Opcode.Ping);
        }
        finally
        {
            hung.ForEach(scraper => scraper.Dispose());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /metrics HT")]
    [InlineData("GET /version HTTP/1.1\r\nHost: swiper\r\n\r\n")]
    public async Task A_connection_on_which_nothing_is_asked_any_more_is_closed(string said)
    {
        await using var host = await TestHost.StartAsync();
        using var kept = new TcpClient();
        await kept.ConnectAsync(IPAddress.Loopback, host.OpsPort.Port);
        await kept.GetStream().WriteAsync(Encoding.ASCII.GetBytes(said));

        using var answer = new StreamReader(kept.GetStream());
        await answer.ReadToEndAsync().Soon();
    }

    [Fact]
    public async Task A_scraper_that_asks_on_and_reads_nothing_holds_up_no_other()
    {
        await using var host = await TestHost.StartAsync();
        using var hung = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await hung.ConnectAsync(IPAddress.Loopback, host.OpsPort.Port);
        hung.Blocking = false;
        var (begun, inVain) = (0, 0);
        await Eventually.HoldsAsync(
            () => (inVain = AskUntilThereIsNoRoom(hung, ref begun) == 0 ? inVain + 1 : 0) == 50, "the host waits for the scraper to read");

        using var port = new HttpClient { BaseAddress = host.OpsPort, Timeout = Patience.Limit };
        var before = await port.GetStringAsync("metrics");
        await using var client = await host.ConnectAsync();
        // What was kept for those who ask again at once is over, too.
        await Eventually.HoldsAsync(async () => await port.GetStringAsync("metrics") != before, "metrics that were collected since");

        // Nor was it cut off meanwhile, which would have let the others go on.
        AskUntilThereIsNoRoom(hung, ref begun);
    }

    // How many bytes were taken. There is no room once the answers fill all the buffers there are.
    private static int AskUntilThereIsNoRoom(Socket scraper, ref int begun)
    {
        var question = "GET /metrics HTTP/1.1\r\nHost: swiper\r\n\r\n"u8;
        var taken = 0;
        while (true)
        {
            var sent = scraper.Send(question[begun..], SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return taken;
            Assert.Equal(SocketError.Success, error);
            (taken, begun) = (taken + sent, (begun + sent) % question.Length);
        }
    }

    [Fact]
    public async Task A_host_need_not_have_it_and_a_port_in_use_is_named()
    {
        await using var neither = await TestHost.StartAsync("Ops:Http=false", "Ops:Socket=none");
        await using var host = await TestHost.StartAsync("Ops:Http=false");
        Assert.Null(host.Services.GetService(typeof(OpsPortListeners)));

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var refused = await Assert.ThrowsAsync<ListenException>(() => TestHost.StartAsync($"Ops:Port={port}"));
        Assert.Equal($"127.0.0.1:{port} (ops) is in use by another program; choose another port with --set Ops:Port=N", refused.Message);
    }
}
