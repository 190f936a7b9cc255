using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Pushes;

public sealed class PushTests : IDisposable
{
    private readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Pushes_come_typed_between_the_replies()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.PingAsync();
        var request = await server.ReadAsync();
        await server.PushAsync(Opcode.Matched, 1, 77, 1_700_000_000_123);
        await server.ReplyAsync(request.Id, 1);
        await server.PushAsync(Opcode.Superliked, 2, 78, 1_700_000_000_456);
        await server.PushAsync((Opcode)799, 3, "news");
        await asked.Soon();

        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        await using var pushes = client.Pushes.GetAsyncEnumerator();
        Assert.Equal(new SwiperPush.Matched(1, 77, at), await NextAsync(pushes));
        Assert.Equal(new SwiperPush.Superliked(2, 78, at.AddMilliseconds(333)), await NextAsync(pushes));
        var unknown = Assert.IsType<SwiperPush.Unknown>(await NextAsync(pushes));
        Assert.Equal(799, (int)unknown.Opcode);
        Assert.Equal(Frames.Array("news"), unknown.Content.ToArray());
    }

    [Fact]
    public async Task An_app_that_does_not_read_loses_the_oldest_and_the_replies_go_on()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { PushBuffer = 3 });
        await using var _ = client;
        using var __ = server;

        for (var seq = 1; seq <= 10; seq++)
            await server.PushMatchAsync(seq);
        var asked = client.PingAsync();
        await server.ReplyAsync((await server.ReadAsync()).Id, 1);
        await asked.Soon();

        Assert.Equal(7, client.DroppedPushes);
        await using var pushes = client.Pushes.GetAsyncEnumerator();
        Assert.Equal(8, (await NextAsync(pushes)).Seq);
    }

    [Fact]
    public async Task Pushes_end_with_the_client()
    {
        var (client, server) = await _server.ConnectAsync();
        using var _ = server;
        await server.PushMatchAsync(1);
        await using var pushes = client.Pushes.GetAsyncEnumerator();
        await NextAsync(pushes);

        var next = pushes.MoveNextAsync();
        await client.DisposeAsync();

        Assert.False(await next.Soon());
    }

    [Fact]
    public async Task Pushes_say_why_there_will_be_no_more()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { Reconnect = false });
        await using var _ = client;
        await using var pushes = client.Pushes.GetAsyncEnumerator();

        server.Dispose();

        await Assert.ThrowsAsync<SwiperConnectionException>(() => pushes.MoveNextAsync().Soon());
    }

    internal static async Task<SwiperPush> NextAsync(IAsyncEnumerator<SwiperPush> pushes)
    {
        Assert.True(await pushes.MoveNextAsync().Soon());
        return pushes.Current;
    }
}
