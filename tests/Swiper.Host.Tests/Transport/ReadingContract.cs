using System.Buffers;
using System.IO.Pipelines;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Transport;

public sealed class EpollReadingTests() : ReadingContract(TransportKind.Epoll);

public sealed class SocketsReadingTests() : ReadingContract(TransportKind.Sockets);

/// <summary>What a reader of a connection gets, whichever transport it is.</summary>
public abstract class ReadingContract(TransportKind kind)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_go_both_ways_intact_in_chunks_of_any_size(bool serverIsSlow)
    {
        const int Total = 3_000_000;
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        var pattern = new Pattern(1);
        var echoing = Task.Run(async () =>
        {
            var random = new Random(2);
            while (true)
            {
                var read = await pair.Input.ReadAsync();
                if (serverIsSlow)
                    await Task.Yield();
                var taken = serverIsSlow ? read.Buffer.Slice(0, random.NextInt64(read.Buffer.Length + 1)) : read.Buffer;
                foreach (var segment in taken)
                    pair.Output.Write(segment.Span);
                pair.Input.AdvanceTo(taken.End);
                await pair.Output.FlushAsync();
                if (read.IsCompleted && taken.Length == read.Buffer.Length)
                    return;
            }
        });
        var sending = Task.Run(async () =>
        {
            var random = new Random(3);
            for (var sent = 0; sent < Total;)
            {
                var chunk = Math.Min(random.Next(1, random.Next(1, 200_000)), Total - sent);
                await pair.SendAsync(pattern.Bytes(sent, chunk));
                sent += chunk;
            }
            pair.EndSending();
        });

        var sizes = new Random(4);
        for (var received = 0; received < Total;)
        {
            var chunk = Math.Min(sizes.Next(1, serverIsSlow ? 100_000 : 5_000), Total - received);
            pattern.AssertIs(await pair.ReceiveAsync(chunk), received);
            received += chunk;
        }
        await sending.Soon();
        await echoing.Soon();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task What_was_examined_but_not_consumed_comes_again_with_what_follows(int consumedEachTime)
    {
        const int Total = 300_000;
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        var pattern = new Pattern(1);
        var consumed = 0;
        var examined = 0;
        while (examined < Total)
        {
            var chunk = Math.Min(7_001, Total - examined);
            await pair.SendAsync(pattern.Bytes(examined, chunk));
            for (var target = examined + chunk; examined < target;)
            {
                var read = await pair.Input.ReadAsync().Soon();
                // The reader has seen all of it, so it is resumed for more only.
                Assert.True(consumed + read.Buffer.Length > examined);
                pattern.AssertIs(read.Buffer.ToArray(), consumed);
                examined = consumed + (int)read.Buffer.Length;
                consumed += consumedEachTime;
                pair.Input.AdvanceTo(read.Buffer.GetPosition(consumedEachTime), read.Buffer.End);
            }
        }
        pair.EndSending();
        pattern.AssertIs(await pair.ReadToEndAsync(), consumed);
    }

    [Fact]
    public async Task What_was_not_examined_is_there_at_once()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        var pattern = new Pattern(1);
        await pair.SendAsync(pattern.Bytes(0, 100));
        ReadResult read;
        while ((read = await pair.Input.ReadAsync().Soon()).Buffer.Length < 100)
            pair.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        pair.Input.AdvanceTo(read.Buffer.GetPosition(10), read.Buffer.GetPosition(20));

        var again = pair.Input.ReadAsync();
        Assert.True(again.IsCompleted);
        read = await again;
        Assert.Equal(90, read.Buffer.Length);
        pattern.AssertIs(read.Buffer.ToArray(), 10);
        pair.Input.AdvanceTo(read.Buffer.End);
        Assert.False(pair.Input.TryRead(out _));
    }

    [Fact]
    public async Task Readers_that_go_on_elsewhere_keep_what_they_were_given_while_others_receive()
    {
        const int Connections = 12;
        const int Total = 400_000;
        await using var transport = await BoundTransport.StartAsync(kind);
        var pairs = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => transport.ConnectAsync()));
        var sending = Parallel.ForAsync(0, Connections, async (number, _) =>
        {
            var random = new Random(number);
            for (var sent = 0; sent < Total;)
            {
                var chunk = Math.Min(random.Next(1, 20_000), Total - sent);
                await pairs[number].SendAsync(new Pattern(number).Bytes(sent, chunk));
                sent += chunk;
            }
        });
        var reading = Enumerable.Range(0, Connections).Select(number => Task.Run(async () =>
        {
            var random = new Random(number);
            var pattern = new Pattern(number);
            var (input, position, seen) = (pairs[number].Input, 0L, 0L);
            while (true)
            {
                var read = await input.ReadAsync();
                var length = read.Buffer.Length;
                pattern.AssertIs(read.Buffer.ToArray(), position);
                for (var hops = random.Next(4); hops > 0; hops--)
                    await Task.Yield();
                pattern.AssertIs(read.Buffer.ToArray(), position);
                var consumed = random.NextInt64(length + 1);
                // What was examined once can't be unseen.
                var examined = random.Next(2) == 0 ? Math.Max(consumed, seen - position) : length;
                input.AdvanceTo(read.Buffer.GetPosition(consumed), read.Buffer.GetPosition(examined));
                if (position + length == Total)
                    return;
                seen = position + examined;
                position += consumed;
            }
        }));
        await Task.WhenAll([sending, .. reading]).Soon();
    }

    [Fact]
    public async Task A_read_that_waits_is_cancelled_from_another_thread_and_nothing_is_lost()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        await pair.SendAsync(new byte[] { 1, 2, 3 });
        Assert.Equal([1], await pair.ReadAsync(1));
        var read = await pair.Input.ReadAsync().Soon();
        pair.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);

        var waiting = pair.Input.ReadAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        await Task.Run(pair.Input.CancelPendingRead);
        read = await waiting.Soon();
        Assert.Equal((true, false), (read.IsCanceled, read.IsCompleted));
        Assert.Equal([2, 3], read.Buffer.ToArray());
        pair.Input.AdvanceTo(read.Buffer.Start);
        await pair.SendAsync(new byte[] { 4 });
        Assert.Equal([2, 3, 4], await pair.ReadAsync(3));
    }

    [Fact]
    public async Task A_cancellation_before_the_read_is_that_reads_and_no_others()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        pair.Input.CancelPendingRead();
        pair.Input.CancelPendingRead();
        var cancelled = pair.Input.ReadAsync();
        Assert.True(cancelled.IsCompleted);
        var read = await cancelled;
        Assert.True(read.IsCanceled);
        pair.Input.AdvanceTo(read.Buffer.End);
        var waiting = pair.Input.ReadAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        await pair.SendAsync(new byte[] { 1 });
        read = await waiting.Soon();
        Assert.False(read.IsCanceled);
        Assert.Equal([1], read.Buffer.ToArray());
        pair.Input.AdvanceTo(read.Buffer.End);
    }

    [Fact]
    public async Task Cancellations_that_race_with_bytes_lose_nothing_and_wake_nobody_twice()
    {
        const int Rounds = 4_000;
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        // One byte a round, and then nothing until it was read: whoever misses it waits for ever.
        var reading = Task.Run(async () =>
        {
            for (var expected = 0; expected < Rounds;)
            {
                var read = await pair.Input.ReadAsync();
                foreach (var one in read.Buffer.ToArray())
                    Assert.Equal((byte)expected++, one);
                pair.Input.AdvanceTo(read.Buffer.End);
                if (!read.Buffer.IsEmpty)
                    await pair.Output.WriteAsync(new byte[] { 0 });
            }
        });
        for (var round = 0; round < Rounds && !reading.IsFaulted; round++)
        {
            var cancelling = Task.WhenAll(Task.Run(pair.Input.CancelPendingRead), Task.Run(pair.Input.CancelPendingRead));
            await pair.SendAsync(new[] { (byte)round });
            await cancelling;
            await pair.ReceiveAsync(1);
        }
        await reading.Soon();
    }

    [Fact]
    public async Task A_token_ends_a_read_that_waits_and_the_bytes_are_the_next_ones()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        using (var source = new CancellationTokenSource())
        {
            var waiting = pair.Input.ReadAsync(source.Token).AsTask();
            await source.CancelAsync();
            Assert.Equal(source.Token,
                (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon())).CancellationToken);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Input.ReadAsync(source.Token).AsTask().Soon());
        }
        await pair.SendAsync(new byte[] { 1, 2 });
        Assert.Equal([1, 2], await pair.ReadAsync(2));
    }

    [Fact]
    public async Task Tokens_that_race_with_bytes_lose_nothing()
    {
        const int Rounds = 2_000;
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        for (var round = 0; round < Rounds; round++)
        {
            using var source = new CancellationTokenSource();
            var waiting = Task.Run(() => ReadAllAsync(source.Token));
            var cancelling = Task.Run(source.Cancel);
            await pair.SendAsync(new[] { (byte)round });
            await cancelling;
            byte[] bytes;
            try
            {
                bytes = await waiting.Soon();
            }
            catch (OperationCanceledException)
            {
                bytes = await ReadAllAsync(CancellationToken.None).Soon();
            }
            Assert.Equal([(byte)round], bytes);
        }

        async Task<byte[]> ReadAllAsync(CancellationToken token)
        {
            var read = await pair.Input.ReadAsync(token);
            var bytes = read.Buffer.ToArray();
            pair.Input.AdvanceTo(read.Buffer.End);
            return bytes;
        }
    }

    [Fact]
    public async Task A_reader_that_was_completed_can_no_longer_be_read()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var pair = await transport.ConnectAsync();
        pair.Input.Complete();
        pair.Input.Complete();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.Input.ReadAsync());
        Assert.Throws<InvalidOperationException>(() => pair.Input.TryRead(out _));
    }
}
