using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Connections;

public sealed class EpollTurnTests() : TurnContract(TransportKind.Epoll);

public sealed class SocketsTurnTests() : TurnContract(TransportKind.Sockets);

/// <summary>What begins when, on one connection and of one user.</summary>
public abstract class TurnContract(TransportKind transport) : OnATransport(transport)
{
    // Of searches.
    private const int Share = 4;

    private const string NoQuotas = "Accounts:LiftRateLimits=true";

    [Fact]
    public async Task What_runs_alone_begins_after_all_before_it_and_all_after_it_begin_after_it()
    {
        await using var host = await StartHostAsync(NoQuotas);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Requests(TestSlice.Gated, TestSlice.Alone, Opcode.Ping, TestSlice.Alone, Opcode.Ping));
        await host.Slice.ArrivedAsync(1);
        await OthersAreServedAsync(host);
        Assert.Single(host.Slice.Sessions);

        host.Slice.Open();
        for (var id = 0u; id < 5; id++)
            Assert.Equal((id, StatusCode.Ok), (await client.NextAsync()) is var reply ? (reply.Id, reply.Status) : default);
    }

    [Fact]
    public async Task What_is_after_writes_begins_after_them_and_nothing_else_waits_for_them()
    {
        await using var host = await StartHostAsync(NoQuotas);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Requests(TestSlice.Enter, TestSlice.Write, Opcode.Ping, TestSlice.AfterWrites));
        Assert.Equal(0u, (await client.NextAsync()).Id);
        Assert.Equal(2u, (await client.NextAsync()).Id);
        await host.Slice.ArrivedAsync(1);

        host.Slice.Open();
        Assert.Equal(1u, (await client.NextAsync()).Id);
        Assert.Equal(3u, (await client.NextAsync()).Id);
    }

    [Fact]
    public async Task A_user_has_one_share_over_all_connections_and_everything_is_answered()
    {
        const int Connections = 16;
        const int Asked = 40;
        await using var host = await StartHostAsync(NoQuotas);
        var clients = new TestClient[Connections];
        for (var i = 0; i < Connections; i++)
        {
            clients[i] = await host.ConnectAsync();
            await clients[i].SendAsync(Requests([TestSlice.Enter, .. Enumerable.Repeat(TestSlice.Search, Asked)]));
            Assert.Equal(0u, (await clients[i].NextAsync()).Id);
        }
        await host.Slice.ArrivedAsync(Share);
        await OthersAreServedAsync(host);
        // Two loops may look at the same moment.
        Assert.InRange(host.Slice.Sessions.Count, Share, Share + Environment.ProcessorCount);

        host.Slice.Open();
        foreach (var client in clients)
        {
            var answered = new List<uint>();
            for (var i = 0; i < Asked; i++)
                answered.Add((await client.NextAsync()).Id);
            Assert.Equal(Enumerable.Range(1, Asked), answered.Order().Select(id => (int)id));
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_has_not_begun_for_one_who_has_gone_never_begins()
    {
        const int Asked = 200;
        await using var host = await StartHostAsync(NoQuotas);
        var client = await host.ConnectAsync();
        await client.SendAsync(Requests([TestSlice.Enter, .. Enumerable.Repeat(TestSlice.Search, Asked)]));
        await host.Slice.ArrivedAsync(Share);
        Assert.True(host.Slice.Sessions.TryPeek(out var session));
        client.Reset();
        await OthersAreServedAsync(host);

        host.Slice.Open();
        await Eventually.HoldsAsync(() => !session.IsSignedIn, "the session to end");
        // Those under way, and perhaps as many more until a reply met the reset.
        Assert.InRange(host.Slice.Sessions.Count, Share, 3 * Share);
    }

    [Fact]
    public async Task What_waits_for_its_turn_learns_that_its_client_has_gone()
    {
        await using var host = await StartHostAsync(NoQuotas);
        var client = await host.ConnectAsync();
        await client.SendAsync(Requests(TestSlice.Enter, TestSlice.Search));
        await host.Slice.ArrivedAsync(1);
        Assert.True(host.Slice.Sessions.TryPeek(out var session));
        var left = session.Left;
        Assert.False(left.IsCancellationRequested);

        client.Reset();
        await Eventually.HoldsAsync(() => left.IsCancellationRequested, "the end of what nobody waits for");
        // The search itself is still under way.
        Assert.True(session.IsSignedIn);
        host.Slice.Open();
    }

    [Fact]
    public async Task What_waits_for_its_turn_learns_that_its_user_was_signed_out()
    {
        await using var host = await StartHostAsync(NoQuotas);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Requests(TestSlice.Enter, TestSlice.Search));
        await host.Slice.ArrivedAsync(1);
        Assert.True(host.Slice.Sessions.TryPeek(out var session));
        var left = session.Left;

        host.Slice.Registry!.SignOut(session, session.Identity!, "test");
        Assert.True(left.IsCancellationRequested);
        Assert.True(session.Left.IsCancellationRequested);
        host.Slice.Open();
    }

    [Fact]
    public async Task A_client_that_reads_at_full_speed_gets_all_its_large_replies()
    {
        const int Asked = 250;
        await using var host = await StartHostAsync(NoQuotas);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Requests([TestSlice.Enter, .. Enumerable.Repeat(TestSlice.LargeSearch, Asked)]));
        Assert.Equal(0u, (await client.NextAsync()).Id);
        for (var i = 0; i < Asked; i++)
            Assert.True((await client.NextAsync()).Content.Length > TestSlice.LargestReply);
    }

    [Fact]
    public async Task One_who_pings_without_end_does_not_keep_others_waiting()
    {
        const int Pings = 300_000;
        const int Piece = 10_000;
        await using var host = await StartHostAsync(NoQuotas);
        await using var greedy = await host.ConnectAsync();
        await using var other = await host.ConnectAsync();
        var sending = SendAsync();
        for (var id = 0u; id < Pings; id++)
        {
            Assert.Equal(id % Piece, (await greedy.NextAsync()).Id);
            if (id % Piece == 0)
                Assert.Equal(StatusCode.Ok, (await other.CallAsync(1, Opcode.Ping)).Status);
        }
        await sending;

        // In pieces, each of which may take its time.
        async Task SendAsync()
        {
            var piece = Requests([.. Enumerable.Repeat(Opcode.Ping, Piece)]);
            for (var sent = 0; sent < Pings; sent += Piece)
                await greedy.SendAsync(piece);
        }
    }

    private static byte[] Requests(params Opcode[] opcodes) =>
        [.. opcodes.SelectMany((opcode, id) => Wire.Frame(Wire.Request((uint)id, opcode)))];

    private static async Task OthersAreServedAsync(TestHost host)
    {
        await using var other = await host.ConnectAsync();
        for (var id = 0u; id < 50; id++)
            Assert.Equal(StatusCode.Ok, (await other.CallAsync(id, Opcode.Ping)).Status);
    }
}
