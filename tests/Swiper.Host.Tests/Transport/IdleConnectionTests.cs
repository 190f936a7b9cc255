using System.Buffers;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Transport;

/// <summary>Buffers are had by connections on which something moves, and by no others.</summary>
[Collection(nameof(Alone))]
public sealed class IdleConnectionTests
{
    private static readonly byte[] Request = new Pattern(1).Bytes(0, 100_000);
    private static readonly byte[] Reply = new Pattern(2).Bytes(0, 50_000);
    private static readonly byte[] Received = new byte[Reply.Length];

    [Fact]
    public async Task Connections_that_have_served_and_are_idle_hold_no_buffers()
    {
        const int Connections = 500;
        // A connection with the sockets and tasks of this test, and its share of what the array pool keeps; a buffer has 65,536 bytes.
        const int Allowed = 32 * 1024;
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll);
        var pairs = new ConnectionPair[Connections];
        await ServeAsync(await transport.ConnectAsync());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var number = 0; number < Connections; number++)
            await ServeAsync(pairs[number] = await transport.ConnectAsync());
        var waiting = pairs.Select(pair => pair.Input.ReadAsync().AsTask()).ToList();
        Assert.InRange((GC.GetTotalMemory(forceFullCollection: true) - before) / Connections, long.MinValue, Allowed);
        Assert.DoesNotContain(waiting, read => read.IsCompleted);
    }

    // More than the loop's buffer holds, most of it kept for later. A socket keeps the buffer of its last call, so those of the clients
    // are shared.
    private static async Task ServeAsync(ConnectionPair pair)
    {
        var sending = pair.SendAsync(Request);
        Assert.Equal(Request, await pair.ReadAsync(Request.Length));
        await sending;
        pair.Output.Write(Reply);
        var flushing = pair.Output.FlushAsync().AsTask();
        for (var received = 0; received < Reply.Length;)
        {
            var more = await pair.Client.ReceiveAsync(Received.AsMemory(received)).Soon();
            Assert.NotEqual(0, more);
            received += more;
        }
        Assert.True(Reply.AsSpan().SequenceEqual(Received));
        await flushing.Soon();
    }
}
