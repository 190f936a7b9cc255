using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Swiper.Host.Connections;
using Swiper.Host.Web;

namespace Swiper.Host.Tests.Web;

/// <summary>The HTTP port that monitoring reads.</summary>
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
        Assert.Contains("\nswiper_connections_open{otel_scope_name=\"Swiper.Connections\"} 1", await port.GetStringAsync("metrics"));
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

    [Fact]
    public async Task Scrapers_that_hang_have_sixteen_connections()
    {
        await using var host = await TestHost.StartAsync();
        var hung = new List<TcpClient>();
        for (var count = 0; count < 16; count++)
        {
            var scraper = new TcpClient();
            hung.Add(scraper);
            await scraper.ConnectAsync(IPAddress.Loopback, host.OpsPort.Port);
            await scraper.GetStream().WriteAsync("GET /metrics HTTP/1.1\r\nHost: swiper\r\n\r\n"u8.ToArray());
            Assert.Equal('H', scraper.GetStream().ReadByte());
        }

        using var port = new HttpClient { BaseAddress = host.OpsPort };
        await Assert.ThrowsAsync<HttpRequestException>(() => port.GetStringAsync("health/live"));

        // Clients notice nothing.
        await using var client = await host.ConnectAsync();
        await client.CallAsync(1, Core.Protocol.Opcode.Ping);
        hung.ForEach(scraper => scraper.Dispose());
    }

    [Fact]
    public async Task A_host_need_not_have_it_and_a_port_in_use_is_named()
    {
        await using var host = await TestHost.StartAsync("Ops:Http=false");
        Assert.Null(host.Services.GetService(typeof(OpsPortListeners)));

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var refused = await Assert.ThrowsAsync<ListenException>(() => TestHost.StartAsync($"Ops:Port={port}"));
        Assert.Equal($"127.0.0.1:{port} (ops) is in use by another program; choose another port with --set Ops:Port=N", refused.Message);
    }
}
