using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Requests;

public sealed class FailureTests : IDisposable
{
    private readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_code_is_an_exception()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.SwipeAsync(1, SwipeKind.Like);
        await server.FailAsync((await server.ReadAsync()).Id, StatusCode.RepeatSwipe, "swiped before");

        var failure = await Assert.ThrowsAsync<SwiperException>(() => asked.Soon());
        Assert.Equal(StatusCode.RepeatSwipe, failure.Code);
        Assert.Equal("swiped before", failure.Reason);
        Assert.Contains("3000", failure.Message);
    }

    [Fact]
    public async Task A_code_is_an_outcome_for_who_does_not_want_exceptions()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.TrySwipeAsync(1, SwipeKind.Like);
        await server.FailAsync((await server.ReadAsync()).Id, StatusCode.SelfSwipe, "you can't swipe yourself");

        Assert.Equal(new Failure(StatusCode.SelfSwipe, "you can't swipe yourself"), (await asked.Soon()).Failure);
    }

    [Fact]
    public async Task Throttled_says_when_to_come_back()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.RequestCodeAsync("+15550001111");
        await server.FailAsync((await server.ReadAsync()).Id, StatusCode.Throttled, 1500);

        Assert.Equal(TimeSpan.FromSeconds(1.5), (await Assert.ThrowsAsync<SwiperException>(() => asked.Soon())).RetryAfter);
    }

    [Fact]
    public async Task An_outcome_says_when_to_come_back_too_and_nothing_where_the_server_does_not()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var throttled = client.TryPingAsync();
        await server.FailAsync((await server.ReadAsync()).Id, StatusCode.Throttled, 1500);
        var unavailable = client.TryPingAsync();
        await server.FailAsync((await server.ReadAsync()).Id, StatusCode.Unavailable, "a store is not available");

        Assert.Equal(TimeSpan.FromSeconds(1.5), (await throttled.Soon()).Failure.RetryAfter);
        Assert.Null((await unavailable.Soon()).Failure.RetryAfter);
    }

    [Fact]
    public async Task A_code_asked_for_too_often_says_why_and_when_to_try_again()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.RequestCodeAsync("+15550001111");
        await server.FailAsync((await server.ReadAsync()).Id, StatusCode.CodeTooOften, "wait", 1500);
        var refused = await Assert.ThrowsAsync<SwiperException>(() => asked.Soon());
        Assert.Equal((StatusCode.CodeTooOften, "wait", TimeSpan.FromSeconds(1.5)), (refused.Code, refused.Reason, refused.RetryAfter));

        // An older server says no more than why.
        var again = client.TryRequestCodeAsync("+15550001111");
        await server.FailAsync((await server.ReadAsync()).Id, StatusCode.CodeTooOften, "wait");
        Assert.Equal(new Failure(StatusCode.CodeTooOften, "wait"), (await again.Soon()).Failure);
    }

    [Fact]
    public async Task A_code_of_a_newer_server_keeps_its_number()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.TryPingAsync();
        await server.FailAsync((await server.ReadAsync()).Id, (StatusCode)4999, 12, "no message");

        Assert.Equal(4999, (int)(await asked.Soon()).Failure.Code);
    }

    [Fact]
    public async Task A_reply_that_can_not_be_read_fails_its_request_alone()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.PingAsync();
        await server.ReplyAsync((await server.ReadAsync()).Id, "soon");

        Assert.Contains("now: expected an integer", (await Assert.ThrowsAsync<SwiperProtocolException>(() => asked.Soon())).Message);
        await PipeliningTests.AssertUsableAsync(client, server);
    }
}
