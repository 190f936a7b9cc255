using Microsoft.AspNetCore.Connections;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Transport;

public sealed class EpollEndingTests() : EndingContract(TransportKind.Epoll)
{
    [Fact]
    public async Task A_reset_that_ended_a_flush_is_thrown_to_who_reads_after_that()
    {
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        var (waiting, _) = await pair.FillAsync(Content);
        pair.Reset();
        Assert.True((await waiting.Soon()).IsCompleted);
        await Assert.ThrowsAsync<ConnectionResetException>(() => pair.ReadToEndAsync().Soon());
        await pair.Server.DisposeAsync().Soon();
    }
}

public sealed class SocketsEndingTests() : EndingContract(TransportKind.Sockets);

/// <summary>How connections end, whichever transport they are on.</summary>
public abstract class EndingContract(TransportKind kind)
{
    private protected const int ReceiveBuffer = 16 * 1024;

    private protected static readonly Pattern Content = new(1);

    [Fact]
    public async Task A_client_that_has_ended_sending_is_read_to_its_end_and_still_gets_replies()
    {
        const int Total = 300_000;
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        var sending = Task.Run(async () =>
        {
            await pair.SendAsync(Content.Bytes(0, Total));
            pair.EndSending();
        });
        var received = await pair.ReadToEndAsync();
        Assert.Equal(Total, received.Length);
        Content.AssertIs(received, 0);
        await sending.Soon();

        // It stays at its end.
        var read = await pair.Input.ReadAsync().Soon();
        Assert.Equal((true, 0), (read.IsCompleted, read.Buffer.Length));
        pair.Input.AdvanceTo(read.Buffer.End);
        await pair.Output.WriteAsync(Content.Bytes(0, 1000)).Soon();
        Content.AssertIs(await pair.ReceiveAsync(1000), 0);
    }

    [Fact]
    public async Task That_the_client_has_ended_is_told_to_whoever_asked()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        var closed = pair.Server.ConnectionClosed;
        Assert.False(closed.IsCancellationRequested);
        pair.EndSending();
        Assert.Empty(await pair.ReadToEndAsync());
        await FiredAsync(closed);
        Assert.True(pair.Server.ConnectionClosed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_callback_that_fails_when_told_of_the_end_harms_nobody()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var (pair, other) = (await transport.ConnectAsync(), await transport.ConnectAsync());
        using var registration = pair.Server.ConnectionClosed.Register(() => throw new InvalidTimeZoneException());
        pair.EndSending();
        Assert.Empty(await pair.ReadToEndAsync());
        await FiredAsync(pair.Server.ConnectionClosed);
        await pair.Server.DisposeAsync().Soon();
        await other.SendAsync(new byte[] { 1 });
        Assert.Equal([1], await other.ReadAsync(1));
    }

    [Fact]
    public async Task A_reset_is_thrown_to_a_reader_that_waits()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        var waiting = pair.Input.ReadAsync().AsTask();
        pair.Reset();
        await Assert.ThrowsAsync<ConnectionResetException>(() => waiting.Soon());
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await pair.Input.ReadAsync());
        await FiredAsync(pair.Server.ConnectionClosed);
        // The writer is told a moment later.
        while (!(await pair.Output.WriteAsync(new byte[] { 1 }).Soon()).IsCompleted)
            await Task.Yield();
    }

    [Fact]
    public async Task A_reset_ends_a_flush_that_waits_and_whoever_reads_after_that()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        var (waiting, _) = await pair.FillAsync(Content);
        pair.Reset();
        Assert.True((await waiting.Soon()).IsCompleted);
        // Linux tells a reset once. Where the failing send was told of it first, the receive of the stock sockets sees an ordinary end.
        var reading = pair.ReadToEndAsync().Soon();
        if (await Record.ExceptionAsync(() => reading) is { } thrown)
            Assert.IsType<ConnectionResetException>(thrown);
        else
            Assert.Empty(await reading);
        await pair.Server.DisposeAsync().Soon();
    }

    [Fact]
    public async Task An_abort_ends_what_waits_on_both_sides()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        var closed = pair.Server.ConnectionClosed;
        var reading = pair.Input.ReadAsync().AsTask();
        var (flushing, _) = await pair.FillAsync(Content);
        pair.Server.Abort(new ConnectionAbortedException("enough"));
        Assert.Equal("enough", (await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading.Soon())).Message);
        Assert.True((await flushing.Soon()).IsCompleted);
        await FiredAsync(closed);
        await pair.ReceiveToEndAsync();
        await pair.Server.DisposeAsync().Soon();
        pair.Server.Abort();
    }

    [Fact]
    public async Task After_an_abort_what_was_received_does_not_look_like_all_there_was()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        await pair.SendAsync(Content.Bytes(0, 100));
        var read = await pair.Input.ReadAsync().Soon();
        pair.Input.AdvanceTo(read.Buffer.Start);
        pair.Server.Abort();
        await pair.ReceiveToEndAsync();
        await FiredAsync(pair.Server.ConnectionClosed);
        await Assert.ThrowsAsync<ConnectionAbortedException>(async () => await pair.Input.ReadAsync());
    }

    [Fact]
    public async Task A_connection_is_disposed_of_once_however_often_and_by_whomever()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await pair.Server.DisposeAsync()))).Soon();
        Assert.Empty(await pair.ReceiveToEndAsync());
        await pair.Server.DisposeAsync().Soon();
    }

    [Fact]
    public async Task A_read_that_nobody_waits_for_any_more_does_not_keep_the_connection()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        var left = pair.Input.ReadAsync().AsTask();
        await pair.Server.DisposeAsync().Soon();
        Assert.Empty(await pair.ReceiveToEndAsync());
        GC.KeepAlive(left);
    }

    /// <summary>
    /// If what is received for a reader that has gone were given back while it is filled, it would become another connection's.
    /// </summary>
    [Fact]
    public async Task Readers_that_are_completed_while_bytes_arrive_do_not_disturb_others()
    {
        const int Rounds = 300;
        await using var transport = await BoundTransport.StartAsync(kind);
        var other = await transport.ConnectAsync();
        using var stop = new CancellationTokenSource();
        var talking = Task.Run(async () =>
        {
            for (var position = 0; !stop.IsCancellationRequested; position += 3_000)
            {
                await other.SendAsync(Content.Bytes(position, 3_000));
                Content.AssertIs(await other.ReadAsync(3_000), position);
                await other.Output.WriteAsync(Content.Bytes(position, 3_000));
                Content.AssertIs(await other.ReceiveAsync(3_000), position);
            }
        });
        for (var round = 0; round < Rounds; round++)
        {
            await using var pair = await transport.ConnectAsync();
            var left = pair.Input.ReadAsync().AsTask();
            var completing = Task.Run(() => pair.Input.Complete());
            await pair.Client.SendAsync(new byte[3_000]);
            await completing.Soon();
            GC.KeepAlive(left);
        }
        await stop.CancelAsync();
        await talking.Soon();
    }

    // Ends when the token is cancelled.
    private static async Task FiredAsync(CancellationToken token)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(fired.SetResult);
        await fired.Task.Soon();
    }
}
