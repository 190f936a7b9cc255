using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Requests;

public sealed class TimeoutTests : IDisposable
{
    private readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_silent_server_ends_in_a_timeout_and_its_late_reply_is_dropped()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { RequestTimeout = TimeSpan.FromMilliseconds(100) });
        await using var _ = client;
        using var __ = server;

        var asked = client.PingAsync();
        var request = await server.ReadAsync();
        Assert.Contains("Ping was not answered", (await Assert.ThrowsAsync<TimeoutException>(() => asked.Soon())).Message);
        await server.ReplyAsync(request.Id, 1);

        var next = client.TrySendAsync<NoArgs, PingReply>(Opcode.Ping, default, Patience.Limit);
        await server.ReplyAsync((await server.ReadAsync()).Id, 2);
        Assert.Equal(2, (await next.Soon()).Value.Now);
    }

    [Fact]
    public async Task A_request_may_have_a_shorter_time_than_those_before_it()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        var patient = client.PingAsync();
        var first = await server.ReadAsync();
        var hasty = client.TrySendAsync<NoArgs, PingReply>(Opcode.Ping, default, TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAsync<TimeoutException>(() => hasty.Soon());

        await server.ReplyAsync(first.Id, 5);
        Assert.Equal(5, (await patient.Soon()).Now);
    }

    [Fact]
    public async Task A_timed_out_request_makes_room_for_the_next()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { MaxInFlight = 1 });
        await using var _ = client;
        using var __ = server;

        var stuck = client.TrySendAsync<NoArgs, PingReply>(Opcode.Ping, default, TimeSpan.FromMilliseconds(50)).AsTask();
        await server.ReadAsync(Opcode.Ping);
        var next = client.HelloAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => stuck.Soon());

        await server.ReadAsync(Opcode.Hello);
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_and_leaves_the_connection_usable()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;
        using var cancellation = new CancellationTokenSource();

        var asked = client.PingAsync(cancellation.Token);
        var request = await server.ReadAsync();
        await cancellation.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.Soon());
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);

        await server.ReplyAsync(request.Id, 1);
        await PipeliningTests.AssertUsableAsync(client, server);
    }

    [Fact]
    public async Task What_was_cancelled_before_is_not_sent()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.DeckAsync(cancellationToken: new CancellationToken(true)).Soon());
        await PipeliningTests.AssertUsableAsync(client, server);
    }

    [Fact]
    public async Task What_is_cancelled_in_line_is_not_sent()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { MaxInFlight = 1 });
        await using var _ = client;
        using var __ = server;
        using var cancellation = new CancellationTokenSource();

        var first = client.PingAsync();
        var second = client.DeckAsync(cancellationToken: cancellation.Token);
        var third = client.HelloAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon());

        await server.ReplyAsync((await server.ReadAsync(Opcode.Ping)).Id, 1);
        await first.Soon();
        await server.ReadAsync(Opcode.Hello);
        Assert.False(third.IsCompleted);
    }

    [Fact]
    public async Task Cancellations_that_race_with_replies_never_mix_requests_up()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { MaxInFlight = 16 });
        await using var _ = client;
        using var __ = server;
        var echoing = Task.Run(async () =>
        {
            while (true)
            {
                var request = await server.ReadAsync();
                await server.ReplyAsync(request.Id, request.Read((ref fields) => fields.Int64("value")));
            }
        });

        var (answered, cancelled) = (0, 0);
        await Parallel.ForAsync(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (value, _) =>
        {
            using var cancellation = new CancellationTokenSource();
            var asked = client.EchoAsync(Frames.Array(value), cancellation.Token);
            if (value % 2 == 0)
                await Task.Yield();
            if (value % 3 == 0)
                cancellation.Cancel();
            try
            {
                Assert.Equal(Frames.Array(value), (await asked).ToArray());
                Interlocked.Increment(ref answered);
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(0, value % 3);
                Interlocked.Increment(ref cancelled);
            }
        }).Soon();

        Assert.Equal(4000, answered + cancelled);
        Assert.True(answered >= 2666);
        server.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => echoing.Soon());
    }
}
