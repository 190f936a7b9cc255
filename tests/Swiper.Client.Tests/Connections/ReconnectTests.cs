using System.Threading.Channels;
using Swiper.Client.Pushes;
using Swiper.Client.Tests.Pushes;
using Swiper.Client.Tests.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Connections;

public sealed class ReconnectTests : IDisposable
{
    /// <summary>How many pushes there were before the client signed in.</summary>
    private const long LoginSeq = 4;

    private readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task It_comes_back_signed_in_and_asks_for_the_pushes_it_missed()
    {
        var (client, server) = await ConnectSignedInAsync();
        await using var _ = client;
        await using var pushes = client.Pushes.GetAsyncEnumerator();
        await server.PushMatchAsync(5);
        Assert.Equal(5, (await PushTests.NextAsync(pushes)).Seq);

        server.Dispose();
        using var again = await _server.AcceptAsync();
        var resume = await again.ReadAsync(Opcode.Resume);
        Assert.Equal(("token", 5), resume.Read((ref fields) => (fields.String("token", 100), fields.Int64("last"))));
        // A live push overtakes the missed ones.
        await again.PushMatchAsync(8);
        await again.PushMatchAsync(6);
        await again.PushMatchAsync(7);
        await again.PushMatchAsync(8);
        await again.ReplyAsync(resume.Id, 100, 2_000_000_000_000, 8);

        foreach (var seq in new[] { 6, 7, 8 })
            Assert.Equal(seq, (await PushTests.NextAsync(pushes)).Seq);
        await PipeliningTests.AssertUsableAsync(client, again);
        Assert.Equal(100, client.Uid);
    }

    [Fact]
    public async Task Whoever_had_no_push_on_this_device_asks_for_those_since_the_sign_in()
    {
        var (client, server) = await ConnectSignedInAsync();
        await using var _ = client;

        server.Dispose();
        using var again = await _server.AcceptAsync();
        var resume = await again.ReadAsync(Opcode.Resume);
        Assert.Equal(LoginSeq, resume.Read((ref fields) => (fields.String("token", 100), fields.Int64("last")).Item2));
        await again.PushMatchAsync(LoginSeq + 1);
        await again.ReplyAsync(resume.Id, 100, 2_000_000_000_000, LoginSeq + 1);

        await using var pushes = client.Pushes.GetAsyncEnumerator();
        Assert.Equal(LoginSeq + 1, (await PushTests.NextAsync(pushes)).Seq);
    }

    [Fact]
    public async Task A_server_that_never_reached_the_clients_count_is_followed()
    {
        var (client, server) = await ConnectSignedInAsync();
        await using var _ = client;
        await using var pushes = client.Pushes.GetAsyncEnumerator();

        server.Dispose();
        using (var again = await _server.AcceptAsync())
        {
            var resume = await again.ReadAsync(Opcode.Resume);
            await again.PushAsync(Opcode.Missed, 1, 1, 1);
            await again.ReplyAsync(resume.Id, 100, 2_000_000_000_000, 1);
            await again.PushMatchAsync(2);
            Assert.Equal(new SwiperPush.Missed(1, 1, 1), await PushTests.NextAsync(pushes));
            Assert.Equal(2, (await PushTests.NextAsync(pushes)).Seq);
        }

        using var third = await _server.AcceptAsync();
        var next = await third.ReadAsync(Opcode.Resume);
        Assert.Equal(2, next.Read((ref fields) => (fields.String("token", 100), fields.Int64("last")).Item2));
    }

    [Fact]
    public async Task What_was_in_flight_fails_and_what_is_asked_meanwhile_waits()
    {
        var (client, server) = await ConnectSignedInAsync();
        await using var _ = client;
        var states = Observe(client);

        var inFlight = client.SwipeAsync(1, SwipeKind.Like);
        await server.ReadAsync(Opcode.Swipe);
        server.Dispose();
        Assert.Contains("may have processed it", (await Assert.ThrowsAsync<SwiperConnectionLostException>(() => inFlight.Soon())).Message);
        Assert.Equal(ConnectionState.Reconnecting, (await states.ReadAsync().Soon()).State);
        var meanwhile = client.SwipeAsync(2, SwipeKind.Like);

        using var again = await _server.AcceptAsync();
        // Nothing goes out before the user is signed in again.
        await again.ReplyAsync((await again.ReadAsync(Opcode.Resume)).Id, 100, 2_000_000_000_000, LoginSeq);
        var request = await again.ReadAsync(Opcode.Swipe);
        Assert.Equal(2, request.Read((ref fields) => fields.Int64("sid")));
        await again.ReplyAsync(request.Id, true, false);

        Assert.True((await meanwhile.Soon()).Matched);
        Assert.Equal(new ConnectionStateChange(ConnectionState.Connected, 100, null), await states.ReadAsync().Soon());
    }

    [Fact]
    public async Task What_is_safe_to_repeat_is_sent_again_in_order_if_so_wished()
    {
        var (client, server) = await ConnectSignedInAsync(options => options with { RetrySafeRequests = true });
        await using var _ = client;

        var first = client.SwipeAsync(1, SwipeKind.Like);
        var login = client.LogInAsync("+15550001111", "123456");
        var second = client.SwipeAsync(2, SwipeKind.Like);
        for (var sent = 0; sent < 3; sent++)
            await server.ReadAsync();
        server.Dispose();
        await Assert.ThrowsAsync<SwiperConnectionLostException>(() => login.Soon());

        using var again = await _server.AcceptAsync();
        await again.ReplyAsync((await again.ReadAsync(Opcode.Resume)).Id, 100, 2_000_000_000_000, LoginSeq);
        foreach (var sid in new[] { 1, 2 })
        {
            var request = await again.ReadAsync(Opcode.Swipe);
            Assert.Equal(sid, request.Read((ref fields) => fields.Int64("sid")));
            await again.ReplyAsync(request.Id, false, true);
        }
        Assert.True((await first.Soon()).Repeated);
        Assert.True((await second.Soon()).Repeated);
    }

    [Fact]
    public async Task A_token_that_is_no_longer_good_signs_the_user_out_and_keeps_the_connection()
    {
        var (client, server) = await ConnectSignedInAsync();
        await using var _ = client;
        var states = Observe(client);

        server.Dispose();
        using var again = await _server.AcceptAsync();
        await again.FailAsync((await again.ReadAsync(Opcode.Resume)).Id, StatusCode.TokenInvalid, "log in again");

        await using var pushes = client.Pushes.GetAsyncEnumerator();
        Assert.Equal(new SwiperPush.SignedOut(0, "log in again"), await PushTests.NextAsync(pushes));
        Assert.Equal(ConnectionState.Reconnecting, (await states.ReadAsync().Soon()).State);
        Assert.Equal(new ConnectionStateChange(ConnectionState.Connected, null, null), await states.ReadAsync().Soon());
        Assert.Null(client.Token);
        await PipeliningTests.AssertUsableAsync(client, again);
    }

    [Fact]
    public async Task A_store_that_is_down_does_not_sign_the_user_out()
    {
        var (client, server) = await ConnectSignedInAsync();
        await using var _ = client;

        server.Dispose();
        using (var second = await _server.AcceptAsync())
        {
            await second.FailAsync((await second.ReadAsync(Opcode.Resume)).Id, StatusCode.Unavailable, "a store is not available");
            Assert.True(await second.IsClosedAsync());
        }
        using var third = await _server.AcceptAsync();
        await third.ReplyAsync((await third.ReadAsync(Opcode.Resume)).Id, 100, 2_000_000_000_000, LoginSeq);

        await PipeliningTests.AssertUsableAsync(client, third);
        Assert.Equal(100, client.Uid);
    }

    [Fact]
    public async Task A_server_that_stops_is_left_after_its_last_reply()
    {
        var (client, server) = await ConnectSignedInAsync();
        await using var _ = client;
        await using var pushes = client.Pushes.GetAsyncEnumerator();

        var before = client.PingAsync();
        var request = await server.ReadAsync(Opcode.Ping);
        await server.PushAsync(Opcode.Draining, 0, 20);
        Assert.Equal(new SwiperPush.Draining(0, TimeSpan.FromMilliseconds(20)), await PushTests.NextAsync(pushes));
        var after = client.DeckAsync();
        await server.ReplyAsync(request.Id, 3);
        Assert.Equal(3, (await before.Soon()).Now);
        Assert.True(await server.IsClosedAsync());

        using var again = await _server.AcceptAsync();
        await again.ReplyAsync((await again.ReadAsync(Opcode.Resume)).Id, 100, 2_000_000_000_000, LoginSeq);
        await again.ReplyAsync((await again.ReadAsync(Opcode.Deck)).Id);
        Assert.Empty((await after.Soon()).People);
    }

    [Fact]
    public async Task What_a_stopping_server_has_not_read_is_asked_again_whatever_it_is()
    {
        var (client, server) = await ConnectSignedInAsync();
        await using var _ = client;

        var swiping = client.SwipeAsync(1, SwipeKind.Like);
        var rewinding = client.RewindAsync();
        await server.ReadAsync(Opcode.Swipe);
        await server.ReadAsync(Opcode.Rewind);
        await server.PushAsync(Opcode.Draining, 0, 0);
        await server.PushAsync(Opcode.Drained, 0);
        Assert.True(await server.IsClosedAsync());

        using var again = await _server.AcceptAsync();
        await again.ReplyAsync((await again.ReadAsync(Opcode.Resume)).Id, 100, 2_000_000_000_000, LoginSeq);
        await again.ReplyAsync((await again.ReadAsync(Opcode.Swipe)).Id, false, false);
        await again.ReplyAsync((await again.ReadAsync(Opcode.Rewind)).Id, 1, 1, 2);
        Assert.False((await swiping.Soon()).Repeated);
        Assert.Equal(2, (await rewinding.Soon()).LeftToday);
    }

    [Fact]
    public async Task A_server_that_stops_but_never_answers_is_left_in_time()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { RequestTimeout = TimeSpan.FromMilliseconds(200) });
        await using var _ = client;

        var asked = client.PingAsync();
        await server.ReadAsync(Opcode.Ping);
        await server.PushAsync(Opcode.Draining, 0, 0);

        await Assert.ThrowsAnyAsync<Exception>(() => asked.Soon());
        Assert.True(await server.IsClosedAsync());
        using var again = await _server.AcceptAsync();
    }

    [Fact]
    public async Task Who_was_never_signed_in_does_not_resume()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;

        server.Dispose();
        using var again = await _server.AcceptAsync();

        await PipeliningTests.AssertUsableAsync(client, again);
    }

    [Fact]
    public async Task Who_logged_out_or_was_signed_out_does_not_resume()
    {
        var (client, server) = await ConnectSignedInAsync();
        await using var _ = client;

        var loggingOut = client.LogOutAsync();
        await server.SendAsync(Frames.Of(1, (long)(await server.ReadAsync(Opcode.Logout)).Id, 0, null));
        await loggingOut.Soon();
        Assert.Null(client.Uid);
        server.Dispose();
        var second = await _server.AcceptAsync();
        await SignInAsync(client, second);
        await second.PushAsync(Opcode.SignedOut, 0, "logout");
        second.Dispose();
        using var third = await _server.AcceptAsync();

        await PipeliningTests.AssertUsableAsync(client, third);
        Assert.Null(client.Uid);
    }

    [Fact]
    public async Task Who_logs_in_again_after_a_loss_waits_for_no_resume()
    {
        var (client, server) = await ConnectSignedInAsync();
        await using var _ = client;
        await using var pushes = client.Pushes.GetAsyncEnumerator();
        await server.PushMatchAsync(5);
        await server.PushAsync(Opcode.SignedOut, 0, "logout");
        server.Dispose();

        using var again = await _server.AcceptAsync();
        await SignInAsync(client, again, pushSeq: 7);
        await again.PushMatchAsync(8);

        Assert.Equal(5, (await PushTests.NextAsync(pushes)).Seq);
        Assert.IsType<SwiperPush.SignedOut>(await PushTests.NextAsync(pushes));
        // Nobody sends those between.
        Assert.Equal(new SwiperPush.Missed(7, 6, 7), await PushTests.NextAsync(pushes));
        Assert.Equal(8, (await PushTests.NextAsync(pushes)).Seq);
    }

    [Fact]
    public async Task A_request_does_not_wait_for_a_connection_beyond_its_time()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { RequestTimeout = TimeSpan.FromMilliseconds(100) });
        await using var _ = client;
        var states = Observe(client);
        _server.Dispose();
        server.Dispose();
        await states.ReadAsync().Soon();

        Assert.Contains("could not be sent", (await Assert.ThrowsAsync<TimeoutException>(() => client.PingAsync().Soon())).Message);

        // And why there is none is told again and again.
        Assert.IsType<SwiperConnectionException>((await states.ReadAsync().Soon()).Reason);
    }

    [Fact]
    public async Task Disposing_while_there_is_no_connection_ends_the_tries()
    {
        var (client, server) = await _server.ConnectAsync(options =>
            options with { ReconnectDelay = TimeSpan.FromHours(1), MaxReconnectDelay = TimeSpan.FromHours(1) });
        var states = Observe(client);
        server.Dispose();
        await states.ReadAsync().Soon();
        var waiting = client.PingAsync();

        await client.DisposeAsync().Soon();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.Soon());
        Assert.Equal(ConnectionState.Closed, (await states.ReadAsync().Soon()).State);
    }

    [Fact]
    public async Task An_app_that_starts_again_goes_on_where_it_was()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.ResumeAsync("token", lastPushSeq: 9);
        var request = await server.ReadAsync(Opcode.Resume);
        await server.PushMatchAsync(9);
        await server.PushMatchAsync(10);
        await server.ReplyAsync(request.Id, 100, 2_000_000_000_000, 10);
        await asked.Soon();

        await using var pushes = client.Pushes.GetAsyncEnumerator();
        Assert.Equal(10, (await PushTests.NextAsync(pushes)).Seq);
        Assert.Equal((100, "token"), (client.Uid, client.Token));
    }

    [Fact]
    public async Task What_such_an_app_missed_comes_first_however_long_the_resume_takes()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var asked = client.ResumeAsync("token", lastPushSeq: 9);
        var request = await server.ReadAsync(Opcode.Resume);
        // A live push overtakes the missed ones, by more than a gap is waited for that no resume is to fill.
        await server.PushMatchAsync(12);
        await PipeliningTests.AssertUsableAsync(client, server);
        using (var other = new PushFeed(capacity: 1, PushFeed.DefaultPatience))
        {
            other.StartAfter(9);
            other.Accept(new SwiperPush.Matched(12, 12, default));
            await other.Reader.ReadAsync().Soon();
        }
        await server.PushMatchAsync(10);
        await server.PushMatchAsync(11);
        await server.ReplyAsync(request.Id, 100, 2_000_000_000_000, 12);
        await asked.Soon();

        await using var pushes = client.Pushes.GetAsyncEnumerator();
        foreach (var seq in new[] { 10, 11, 12 })
            Assert.Equal(seq, (await PushTests.NextAsync(pushes)).Seq);
    }

    [Fact]
    public async Task A_resume_that_is_not_answered_in_time_holds_no_push_back()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { RequestTimeout = TimeSpan.FromMilliseconds(100) });
        await using var _ = client;
        using var __ = server;

        var asked = client.ResumeAsync("token", lastPushSeq: 9);
        await server.ReadAsync(Opcode.Resume);
        await server.PushMatchAsync(12);
        await Assert.ThrowsAsync<TimeoutException>(() => asked.Soon());

        await using var pushes = client.Pushes.GetAsyncEnumerator();
        Assert.Equal(12, (await PushTests.NextAsync(pushes)).Seq);
    }

    internal static ChannelReader<ConnectionStateChange> Observe(SwiperClient client)
    {
        var states = Channel.CreateUnbounded<ConnectionStateChange>();
        client.StateChanged += (_, change) => states.Writer.TryWrite(change);
        return states.Reader;
    }

    private async Task<(SwiperClient Client, FakeConnection Connection)> ConnectSignedInAsync(
        Func<SwiperClientOptions, SwiperClientOptions>? change = null)
    {
        var (client, server) = await _server.ConnectAsync(change);
        await SignInAsync(client, server);
        return (client, server);
    }

    private static async Task SignInAsync(SwiperClient client, FakeConnection server, long pushSeq = LoginSeq)
    {
        var asked = client.LogInAsync("+15550001111", "123456");
        await server.ReplyAsync((await server.ReadAsync(Opcode.Login)).Id, 100, "token", 2_000_000_000_000, true, pushSeq);
        await asked.Soon();
    }
}
