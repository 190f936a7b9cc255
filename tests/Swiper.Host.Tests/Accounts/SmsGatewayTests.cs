using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Host.Tests.Accounts;

/// <summary>What a client hears of the operator's SMS gateway.</summary>
public sealed class SmsGatewayTests
{
    private const string Phone = "+4915112345678";
    private const string Refusal = "the SMS gateway did not accept the message, try again in a minute";

    [Fact]
    public async Task A_gateway_that_is_down_is_1004_in_words_of_its_own_and_another_phone_may_ask_for_a_code_at_once()
    {
        var answer = HttpStatusCode.ServiceUnavailable;
        await using var gateway = await StartGatewayAsync(() => answer);
        await using var host = await TestHost.StartAsync($"Sms:Url={gateway.Urls.Single()}/send");
        await using var client = await host.ConnectAsync();

        var failed = await AskAsync(client, id: 1);
        Assert.Equal((StatusCode.Unavailable, Refusal), (failed.Status, failed.Message));

        answer = HttpStatusCode.OK;
        Assert.Equal(StatusCode.CodeTooOften, (await AskAsync(client, id: 2)).Status);
        Assert.Equal(StatusCode.Ok, (await AskAsync(client, id: 3, phone: "+4915112345679")).Status);
    }

    [Fact]
    public async Task So_is_one_that_is_not_there()
    {
        // Bound and not listening: nobody else gets the port meanwhile.
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var host = await TestHost.StartAsync($"Sms:Url=http://{silent.LocalEndPoint}/");
        await using var client = await host.ConnectAsync();

        var failed = await AskAsync(client, id: 1);
        Assert.Equal((StatusCode.Unavailable, Refusal), (failed.Status, failed.Message));
    }

    [Fact]
    public async Task A_gateway_that_hangs_holds_a_few_connections_and_whoever_asks_is_told_1004()
    {
        const int Asking = 115;
        const int Connections = 4;
        const int Queue = 10;
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        gateway.Start();
        await using var host = await TestHost.StartAsync(
            "Accounts:CodesPerAddressPerHour=10000", $"Sms:Url=http://{gateway.LocalEndpoint}/", $"Sms:Connections={Connections}",
            $"Sms:Queue={Queue}", "Sms:Timeout=00:01:00");
        await using var client = await host.ConnectAsync();
        for (uint id = 0; id < Asking; id++)
            await AskForAsync(client, id, $"+1555{id:D7}");

        // Those for whom there is no place are refused while the others still wait for the gateway.
        for (var reply = 0; reply < Asking - Connections - Queue; reply++)
            await AssertRefusedAsync("too many messages wait for the SMS gateway, try again in a minute");
        // Closed only when all are counted: one that is closed makes room for another.
        var opened = new List<Socket>();
        while (gateway.Pending())
            opened.Add(await gateway.AcceptSocketAsync(TestContext.Current.CancellationToken));
        Assert.InRange(opened.Count, 1, Connections);
        opened.ForEach(static connection => connection.Dispose());
        var closing = CloseOthersAsync();
        for (var reply = 0; reply < Connections + Queue; reply++)
            await AssertRefusedAsync(message: null);
        gateway.Stop();
        await closing.Soon();

        async Task CloseOthersAsync()
        {
            try
            {
                while (true)
                    (await gateway.AcceptSocketAsync(TestContext.Current.CancellationToken)).Dispose();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Everybody has been answered.
            }
        }

        async Task AssertRefusedAsync(string? message)
        {
            var refused = await client.NextAsync();
            Assert.Equal((StatusCode.Unavailable, message ?? refused.Message), (refused.Status, refused.Message));
        }
    }

    private static async Task AskForAsync(TestClient client, uint id, string phone) =>
        await client.RequestAsync(id, Opcode.RequestCode, (ref args) => new RequestCodeRequest(phone).Write(ref args));

    private static Task<ServerFrame> AskAsync(TestClient client, uint id, string phone = Phone) =>
        client.CallAsync(id, Opcode.RequestCode, (ref args) => new RequestCodeRequest(phone).Write(ref args));

    private static async Task<WebApplication> StartGatewayAsync(Func<HttpStatusCode> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var gateway = builder.Build();
        gateway.Urls.Add("http://127.0.0.1:0");
        gateway.MapPost("/{**path}", () => Results.StatusCode((int)answer()));
        await gateway.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }
}
