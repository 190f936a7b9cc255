using System.Buffers;
using System.Globalization;
using System.Net;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Transport;

public sealed class EpollWritingTests() : WritingContract(TransportKind.Epoll);

public sealed class SocketsWritingTests() : WritingContract(TransportKind.Sockets);

/// <summary>What becomes of that which is written to a connection, whichever transport it is.</summary>
public abstract class WritingContract(TransportKind kind)
{
    // What the system keeps for a client that does not read; small, so that it is soon full.
    private const int ReceiveBuffer = 16 * 1024;

    private static readonly Pattern Content = new(1);

    [Fact]
    public async Task A_flush_waits_for_a_client_that_does_not_read_and_all_of_it_arrives_when_it_does()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        var (waiting, written) = await pair.FillAsync(Content);
        Content.AssertIs(await pair.ReceiveAsync(written), 0);
        var flush = await waiting.Soon();
        Assert.Equal((false, false), (flush.IsCanceled, flush.IsCompleted));
        await pair.Output.WriteAsync(Content.Bytes(written, 10)).Soon();
        Content.AssertIs(await pair.ReceiveAsync(10), written);
    }

    [Fact]
    public async Task The_system_keeps_little_for_a_client_that_does_not_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the table of sockets is Linux'");
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        var (waiting, _) = await pair.FillAsync(Content);

        // The kernel takes the buffer's size twice: for the bytes and for its own part.
        var kept = Unacknowledged(transport.EndPoint, (IPEndPoint)pair.Client.LocalEndPoint!);
        Assert.InRange(kept, 1, 2 * new ConnectionLimits().SendBuffer);
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task A_client_that_does_not_read_can_still_be_heard()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        var (waiting, written) = await pair.FillAsync(Content);
        await pair.SendAsync(Content.Bytes(0, 1000));
        Content.AssertIs(await pair.ReadAsync(1000), 0);
        Assert.False(waiting.IsCompleted);
        Content.AssertIs(await pair.ReceiveAsync(written), 0);
        await waiting.Soon();
    }

    [Fact]
    public async Task Waiting_for_a_flush_can_be_cancelled_and_its_bytes_arrive_once()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        var (waiting, written) = await pair.FillAsync(Content);
        await Task.Run(pair.Output.CancelPendingFlush);
        Assert.True((await waiting.Soon()).IsCanceled);

        pair.Output.Write(Content.Bytes(written, 100_000));
        waiting = pair.Output.FlushAsync().AsTask();
        Content.AssertIs(await pair.ReceiveAsync(written + 100_000), 0);
        Assert.False((await waiting.Soon()).IsCanceled);
    }

    [Fact]
    public async Task A_cancellation_before_the_flush_is_that_flushs_and_its_bytes_arrive()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        pair.Output.CancelPendingFlush();
        Assert.True((await pair.Output.WriteAsync(Content.Bytes(0, 10)).Soon()).IsCanceled);
        Assert.False((await pair.Output.WriteAsync(Content.Bytes(10, 10)).Soon()).IsCanceled);
        Content.AssertIs(await pair.ReceiveAsync(20), 0);
    }

    [Fact]
    public async Task A_token_ends_a_flush_that_waits_and_its_bytes_arrive_once()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        using var source = new CancellationTokenSource();
        var (waiting, written) = await pair.FillAsync(Content, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());

        pair.Output.Write(Content.Bytes(written, 10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Output.FlushAsync(source.Token).AsTask().Soon());
        waiting = pair.Output.FlushAsync().AsTask();
        Content.AssertIs(await pair.ReceiveAsync(written + 10), 0);
        await waiting.Soon();
    }

    [Fact]
    public async Task Cancellations_that_race_with_a_slow_client_lose_and_double_nothing()
    {
        const int Flushes = 400;
        const int Chunk = 20_000;
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        var writing = Task.Run(async () =>
        {
            for (var number = 0; number < Flushes; number++)
            {
                using var source = new CancellationTokenSource();
                pair.Output.Write(Content.Bytes(number * Chunk, Chunk));
                var flushing = pair.Output.FlushAsync(source.Token);
                var cancelling = Task.WhenAll(Task.Run(pair.Output.CancelPendingFlush), Task.Run(source.Cancel));
                try
                {
                    await flushing;
                }
                catch (OperationCanceledException)
                {
                }
                await cancelling;
            }
            // Not one that an earlier cancellation is left for.
            while ((await pair.Output.FlushAsync()).IsCanceled)
            {
            }
        });
        for (var received = 0; received < Flushes * Chunk; received += Chunk / 4)
            Content.AssertIs(await pair.ReceiveAsync(Chunk / 4), received);
        await writing.Soon();
    }

    [Fact]
    public async Task Spans_of_any_size_are_given_and_no_more_can_be_advanced()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        var position = 0;
        foreach (var size in new[] { 1, 5_000, 100_000, 1_000_000, 10 })
        {
            var span = pair.Output.GetSpan(size);
            Assert.True(span.Length >= size);
            Content.Bytes(position, size).CopyTo(span);
            pair.Output.Advance(size);
            position += size;
            Assert.Equal(position, pair.Output.UnflushedBytes);
        }
        var (room, more) = (pair.Output.GetMemory().Length, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Output.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Output.Advance(-1));
        pair.Output.Advance(more);
        var flushing = pair.Output.FlushAsync().AsTask();
        Content.AssertIs(await pair.ReceiveAsync(position), 0);
        await flushing.Soon();
        Assert.Equal(0, pair.Output.UnflushedBytes);
    }

    [Fact]
    public async Task What_was_flushed_but_not_sent_arrives_after_the_connection_was_disposed_of()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        var (waiting, written) = await pair.FillAsync(Content);
        var disposing = pair.Server.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        var received = await pair.ReceiveToEndAsync();
        Assert.Equal(written, received.Length);
        Content.AssertIs(received, 0);
        await disposing.Soon();
        await waiting.Soon();
    }

    [Fact]
    public async Task What_was_written_but_not_flushed_arrives_after_the_connection_was_disposed_of()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        pair.Output.Write(Content.Bytes(0, 200_000));
        var disposing = pair.Server.DisposeAsync().AsTask();
        var received = await pair.ReceiveToEndAsync();
        Assert.Equal(200_000, received.Length);
        Content.AssertIs(received, 0);
        await disposing.Soon();
    }

    [Fact]
    public async Task A_flush_that_waits_ends_although_the_writer_is_completed_meanwhile()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync(ReceiveBuffer);
        var (waiting, written) = await pair.FillAsync(Content);
        pair.Output.Complete();
        pair.Output.Complete();
        var received = await pair.ReceiveToEndAsync();
        Assert.Equal(written, received.Length);
        Content.AssertIs(received, 0);
        await waiting.Soon();
    }

    [Fact]
    public async Task A_writer_that_was_completed_can_no_longer_be_written_to()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        pair.Output.Complete();
        Assert.Throws<InvalidOperationException>(() => pair.Output.GetMemory(1));
        Assert.Empty(await pair.ReceiveToEndAsync());
    }

    // From proc(5): sl local_address rem_address st tx_queue:rx_queue ..., in hexadecimal.
    private static int Unacknowledged(IPEndPoint server, IPEndPoint client)
    {
        var row = File.ReadLines("/proc/net/tcp").Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(row => row[1].EndsWith($":{server.Port:X4}", StringComparison.Ordinal)
                && row[2].EndsWith($":{client.Port:X4}", StringComparison.Ordinal));
        return int.Parse(row[4].Split(':')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
