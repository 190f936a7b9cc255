using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Requests;

public sealed class PipeliningTests : IDisposable
{
    private readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Replies_find_their_requests_in_any_order()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = Enumerable.Range(1, 20).Select(sid => client.SwipeAsync(sid, SwipeKind.Like).AsTask()).ToList();
        var requests = new List<FakeRequest>();
        foreach (var task in asked)
            requests.Add(await server.ReadAsync(Opcode.Swipe));
        requests.Reverse();
        foreach (var request in requests)
            await server.ReplyAsync(request.Id, request.Read((ref fields) => fields.Int64("sid")) % 2 == 0, false);

        var replies = await Task.WhenAll(asked).Soon();
        Assert.Equal(Enumerable.Range(1, 20).Select(sid => sid % 2 == 0), replies.Select(reply => reply.Matched));
    }

    [Fact]
    public async Task Requests_arrive_in_the_order_of_their_calls()
    {
        var (client, server) = await _server.ConnectAsync(maxInFlight: 7);
        await using var _ = client;
        using var __ = server;

        var asked = Enumerable.Range(1, 500).Select(sid => client.SwipeAsync(sid, SwipeKind.Like).AsTask()).ToList();
        for (var sid = 1; sid <= 500; sid++)
        {
            var request = await server.ReadAsync(Opcode.Swipe);
            Assert.Equal(sid, request.Read((ref fields) => fields.Int64("sid")));
            await server.ReplyAsync(request.Id, false, false);
        }

        await Task.WhenAll(asked).Soon();
    }

    [Fact]
    public async Task No_more_are_on_the_wire_than_the_server_works_on()
    {
        var (client, server) = await _server.ConnectAsync(maxInFlight: 2);
        await using var _ = client;
        using var __ = server;

        var asked = Enumerable.Range(0, 5).Select(_ => client.PingAsync().AsTask()).ToList();
        var first = await server.ReadAsync();
        var second = await server.ReadAsync();
        var third = server.ReadAsync();
        await server.ReplyAsync(second.Id, 2);
        await asked[1].Soon();
        // The third went out because the second was answered, while the first was not.
        await server.ReplyAsync((await third).Id, 3);
        await asked[2].Soon();
        Assert.False(asked[0].IsCompleted);
        await server.ReplyAsync(first.Id, 1);
        for (var rest = 0; rest < 2; rest++)
            await server.ReplyAsync((await server.ReadAsync()).Id, 0);

        await Task.WhenAll(asked).Soon();
    }

    [Fact]
    public async Task A_frame_may_come_byte_by_byte()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.PingAsync();
        var request = await server.ReadAsync(Opcode.Ping);
        foreach (var part in Frames.Of(1, (long)request.Id, 0, new object?[] { 42 }))
            await server.SendAsync([part]);

        Assert.Equal(42, (await asked.Soon()).Now);
    }

    [Fact]
    public async Task Echo_gives_back_the_very_bytes()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;
        var array = Frames.Array(1, "two", null, new object?[] { true });

        var asked = client.EchoAsync(array);
        var request = await server.ReadAsync(Opcode.Echo);
        Assert.Equal(array, request.Args);
        await server.SendAsync(Frames.Of(1, (long)request.Id, 0, new object?[] { 1, "two", null, new object?[] { true } }));

        Assert.Equal(array, (await asked.Soon()).ToArray());
    }

    [Fact]
    public async Task Bytes_that_are_no_array_are_not_sent_at_all()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        await Assert.ThrowsAsync<ArgumentException>(() => client.EchoAsync(new byte[] { 1, 2, 3 }).AsTask());
        await AssertUsableAsync(client, server);
    }

    [Fact]
    public async Task A_request_larger_than_the_server_takes_is_refused_here_and_harms_no_other()
    {
        var (client, server) = await _server.ConnectAsync(maxFrame: 300);
        await using var _ = client;
        using var __ = server;

        var outcome = await client.TryEchoAsync(Frames.Array(new string('x', 400))).Soon();

        Assert.Equal(StatusCode.BadParams, outcome.Failure.Code);
        Assert.Contains("300", outcome.Failure.Message);
        await AssertUsableAsync(client, server);
    }

    [Fact]
    public async Task A_payload_that_can_not_be_written_fails_alone()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.SendAsync<LoginRequest, LoginReply>(Opcode.Login, new LoginRequest(null!, "123456"));
        Assert.Equal("request", (await Assert.ThrowsAsync<ArgumentException>(() => asked.Soon())).ParamName);
        await AssertUsableAsync(client, server);
    }

    internal static async Task AssertUsableAsync(SwiperClient client, FakeConnection server)
    {
        var asked = client.PingAsync();
        await server.ReplyAsync((await server.ReadAsync(Opcode.Ping)).Id, 7);
        Assert.Equal(7, (await asked.Soon()).Now);
    }
}
