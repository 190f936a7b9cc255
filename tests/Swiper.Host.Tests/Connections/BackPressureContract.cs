using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Connections;

[Collection(nameof(Alone))]
public sealed class EpollBackPressureTests() : BackPressureContract(TransportKind.Epoll);

[Collection(nameof(Alone))]
public sealed class SocketsBackPressureTests() : BackPressureContract(TransportKind.Sockets);

/// <summary>What a client sends or does not read never costs more than its limits.</summary>
public abstract class BackPressureContract(TransportKind transport) : OnATransport(transport)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_never_reads_is_not_read_from_either_and_others_are_not_disturbed()
    {
        const int FrameSize = 32 * 1024;
        const uint Last = 2;
        await using var host = await StartHostAsync();
        await using var silent = await host.ConnectAsync();
        await using var other = await host.ConnectAsync();
        var frame = Wire.Frame(Wire.Request(1, Opcode.Echo, (ref args) =>
        {
            args.WriteArrayHeader(1);
            args.WriteBinary(new byte[FrameSize]);
        }));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var sent = 0;
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var sending = SendUntilStoppedAsync();
        await UntilItStandsStill(() => Volatile.Read(ref sent), other);

        // The buffers of the system on both sides, the 64 KiB that are read ahead and what is unsent; never all of it.
        Assert.True(sent <= 64 * 1024 * 1024 / FrameSize);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - memory < 16 * 1024 * 1024);
        Assert.False(sending.IsCompleted);

        // Once it reads, everything is there.
        await stop.CancelAsync();
        var received = 0;
        while (await silent.NextAsync() is { Id: not Last } reply)
        {
            Assert.Equal((1u, StatusCode.Ok), (reply.Id, reply.Status));
            received++;
        }
        await sending;
        Assert.Equal(sent, received);
        Assert.True(received > 0);

        async Task SendUntilStoppedAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                await silent.SendAsync(frame);
                Interlocked.Increment(ref sent);
            }
            await silent.RequestAsync(Last, Opcode.Ping);
        }
    }

    [Fact]
    public async Task Small_requests_with_large_replies_take_no_more_memory_than_a_batch()
    {
        const int Requests = 50_000;
        await using var host = await StartHostAsync();
        await using var silent = await host.ConnectAsync();
        await using var other = await host.ConnectAsync();
        byte[] requests = [.. Enumerable.Range(0, Requests).SelectMany(id => Wire.Frame(Wire.Request((uint)id, TestSlice.Large)))];
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        // As fast as the server takes them, which it need not.
        var sending = silent.SendAsync(requests).AsTask();
        await UntilItStandsStill(Allocated, other);
        AssertBounded();

        // By now it has read ahead all of the requests. When the client goes on, their replies must not be made all at once: 800 MB.
        for (uint id = 0; id < 1000; id++)
            Assert.Equal((id, TestSlice.LargeReply + 4),
                ((await silent.NextAsync()) is var reply ? (reply.Id, reply.Content.Length) : default));
        await UntilItStandsStill(Allocated, other);
        AssertBounded();

        silent.Reset();
        await Task.WhenAny(sending);
        Assert.Equal(StatusCode.Ok, (await other.CallAsync(1, Opcode.Ping)).Status);

        static long Allocated() => GC.GetTotalAllocatedBytes() / (8 * 1024 * 1024);

        void AssertBounded() => Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task Requests_at_the_limit_wait_and_are_all_answered()
    {
        const int Requests = 1000;
        const int Limit = 8;
        await using var host = await StartHostAsync($"Limits:InFlight={Limit}");
        await using var client = await host.ConnectAsync();
        await client.SendAsync(
            (byte[])[.. Enumerable.Range(0, Requests).SelectMany(id => Wire.Frame(Wire.Request((uint)id, TestSlice.Gated)))]);
        await host.Slice.ArrivedAsync(Limit);
        await using (var other = await host.ConnectAsync())
            Assert.Equal(StatusCode.Ok, (await other.CallAsync(1, Opcode.Ping)).Status);
        Assert.Equal(Limit, host.Slice.Sessions.Count);

        host.Slice.Open();
        var ids = new List<uint>();
        while (ids.Count < Requests)
            ids.Add((await client.NextAsync()).Id);
        Assert.Equal(Enumerable.Range(0, Requests), ids.Order().Select(id => (int)id));
    }

    // Another client is served meanwhile; it is also what time is measured by.
    internal static async Task UntilItStandsStill(Func<long> progress, TestClient other)
    {
        var last = progress();
        for (var (still, rounds) = (0, 0); still < 20; still++)
        {
            Assert.Equal(StatusCode.Ok, (await other.CallAsync(1, Opcode.Ping)).Status);
            await Task.Delay(25, Cancelled);
            Assert.True(rounds++ < 2000, "it goes on forever");
            if (progress() is var now && now != last)
                (last, still) = (now, 0);
        }
    }
}
