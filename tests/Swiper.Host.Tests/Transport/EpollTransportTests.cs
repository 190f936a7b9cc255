using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Transport;

/// <summary>What the epoll transport does beyond, or otherwise than, that of stock Kestrel.</summary>
public sealed class EpollTransportTests
{
    [Fact]
    public async Task A_server_that_has_ended_sending_can_still_be_sent_to()
    {
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll);
        var pair = await transport.ConnectAsync();
        await pair.Output.WriteAsync(new byte[] { 1, 2 });
        pair.Output.Complete();
        Assert.Equal([1, 2], await pair.ReceiveToEndAsync());
        Assert.False(pair.Server.ConnectionClosed.IsCancellationRequested);
        await pair.SendAsync(new byte[] { 3, 4 });
        Assert.Equal([3, 4], await pair.ReadAsync(2));
        pair.EndSending();
        Assert.Empty(await pair.ReadToEndAsync());
    }

    [Fact]
    public async Task Connections_are_kept_alive_as_their_listener_is_told_to()
    {
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll);
        var pair = await transport.ConnectAsync();
        Assert.StartsWith("02:", ColumnsOf(pair)[5]);
    }

    [Fact]
    public async Task What_arrives_while_the_reader_is_busy_does_not_wake_the_loop_again_and_again()
    {
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll);
        var pair = await transport.ConnectAsync();
        var inode = ColumnsOf(pair)[9];
        var sent = 0;
        Assert.True(IsListenedTo(inode));
        for (var round = 0; round < 3; round++)
        {
            await Eventually.HoldsAsync(async () =>
            {
                await pair.SendAsync(new Pattern(1).Bytes(sent++, 1));
                return !IsListenedTo(inode);
            }, "a loop that is no longer told of what arrives");
            await pair.SendAsync(new Pattern(1).Bytes(sent++, 1));

            new Pattern(1).AssertIs(await pair.ReadAsync(sent), 0);
            Assert.True(IsListenedTo(inode));
            var reading = pair.Input.ReadAsync().AsTask();
            await pair.SendAsync(new Pattern(1).Bytes(0, 1));
            pair.Input.AdvanceTo((await reading.Soon()).Buffer.End);
            sent = 0;
        }

        // The end is told of also then.
        await Eventually.HoldsAsync(async () =>
        {
            await pair.SendAsync(new byte[] { 1 });
            return !IsListenedTo(inode);
        }, "a loop that is no longer told of what arrives");
        pair.EndSending();
        Assert.NotEmpty(await pair.ReadToEndAsync());

        // proc(5), fdinfo: what each epoll of the process watches.
        static bool IsListenedTo(string inode)
        {
            const uint Readable = 1;
            var hexInode = long.Parse(inode, CultureInfo.InvariantCulture).ToString("x", CultureInfo.InvariantCulture);
            foreach (var file in Directory.EnumerateFiles("/proc/self/fdinfo"))
            {
                foreach (var line in LinesOf(file))
                {
                    var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    if (line.StartsWith("tfd:", StringComparison.Ordinal) && words.Contains($"ino:{hexInode}"))
                        return (uint.Parse(words[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Readable) != 0;
                }
            }
            throw new InvalidOperationException("No epoll watches the connection.");
        }

        static string[] LinesOf(string file)
        {
            try
            {
                return File.ReadAllLines(file);
            }
            catch (IOException)
            {
                // Closed meanwhile.
                return [];
            }
        }
    }

    [Fact]
    public async Task A_second_read_beside_one_that_waits_is_refused_and_so_is_a_second_flush()
    {
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll);
        var pair = await transport.ConnectAsync(receiveBuffer: 16 * 1024);
        var reading = pair.Input.ReadAsync().AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.Input.ReadAsync());
        var (flushing, written) = await pair.FillAsync(new Pattern(1));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.Output.FlushAsync());
        new Pattern(1).AssertIs(await pair.ReceiveAsync(written), 0);
        await flushing.Soon();
        await pair.SendAsync(new byte[] { 1 });
        Assert.Equal(1, (await reading.Soon()).Buffer.Length);
    }

    [Fact]
    public async Task Positions_outside_of_what_was_read_are_refused()
    {
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll);
        var pair = await transport.ConnectAsync();
        await pair.SendAsync(new byte[] { 1, 2, 3 });
        Assert.Equal([1], await pair.ReadAsync(1));
        var read = await pair.Input.ReadAsync().Soon();
        var (array, start) = (read.Buffer.Start.GetObject(), read.Buffer.Start.GetInteger());
        Assert.Throws<InvalidOperationException>(() => pair.Input.AdvanceTo(new SequencePosition(array, start - 1)));
        Assert.Throws<InvalidOperationException>(() => pair.Input.AdvanceTo(read.Buffer.End, read.Buffer.Start));
        Assert.Throws<InvalidOperationException>(() =>
            pair.Input.AdvanceTo(new SequencePosition(array, read.Buffer.End.GetInteger() + 1)));
        Assert.Throws<InvalidOperationException>(() => pair.Input.AdvanceTo(new ReadOnlySequence<byte>(new byte[3]).Start));
        Assert.Equal([2, 3], read.Buffer.ToArray());
        pair.Input.AdvanceTo(read.Buffer.End);
    }

    [Fact]
    public async Task The_loops_share_the_connections_and_run_their_readers()
    {
        const int Loops = 4;
        const int Connections = 64;
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll, Loops);
        var threads = new ConcurrentDictionary<string, bool>();
        await Parallel.ForAsync(0, Connections, async (number, _) =>
        {
            var pair = await transport.ConnectAsync();
            var echoing = EchoAsync(pair);
            for (var round = 0; round < 200; round++)
            {
                var bytes = new Pattern(number).Bytes(round * 10, 10);
                await pair.SendAsync(bytes);
                Assert.Equal(bytes, await pair.ReceiveAsync(10));
            }
            pair.EndSending();
            await echoing.Soon();
        });
        Assert.Equal(["epoll 0", "epoll 1", "epoll 2", "epoll 3"],
            threads.Keys.Where(name => name.StartsWith("epoll", StringComparison.Ordinal)).Order());

        async Task EchoAsync(ConnectionPair pair)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            while (true)
            {
                var read = await pair.Input.ReadAsync();
                if (read.IsCompleted)
                    return;
                threads[Thread.CurrentThread.Name ?? ""] = true;
                var bytes = read.Buffer.ToArray();
                pair.Input.AdvanceTo(read.Buffer.End);
                await pair.Output.WriteAsync(bytes);
            }
        }
    }

    [Fact]
    public async Task A_reader_that_throws_on_its_loop_loses_its_own_connection_only()
    {
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll);
        var (faulty, other) = (await transport.ConnectAsync(), await transport.ConnectAsync());
#pragma warning disable CA2012 // The continuation itself has to throw, which that of an await never does.
        faulty.Input.ReadAsync().GetAwaiter().UnsafeOnCompleted(() => throw new InvalidTimeZoneException());
#pragma warning restore CA2012
        await faulty.SendAsync(new byte[] { 1 });
        Assert.Empty(await faulty.ReceiveToEndAsync());
        await other.SendAsync(new byte[] { 1 });
        Assert.Equal([1], await other.ReadAsync(1));
    }

    [Fact]
    public async Task Connections_that_always_have_more_do_not_keep_others_waiting()
    {
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll);
        var quiet = await transport.ConnectAsync();
        using var stop = new CancellationTokenSource();
        var floods = new List<Task>();
        for (var number = 0; number < 4; number++)
        {
            var busy = await transport.ConnectAsync();
            // What waits is resumed on the loop, and asks for more from elsewhere.
            floods.Add(Task.Run(async () =>
            {
                ReadResult read;
                do
                {
                    read = await busy.Input.ReadAsync();
                    busy.Input.AdvanceTo(read.Buffer.End);
                    await Task.Yield();
                }
                while (!read.IsCompleted);
            }));
            floods.Add(Task.Run(async () =>
            {
                var bytes = new byte[500_000];
                while (!stop.IsCancellationRequested)
                    await busy.SendAsync(bytes);
                busy.EndSending();
            }));
        }
        for (var round = 0; round < 50; round++)
        {
            await quiet.SendAsync(new byte[] { 1 });
            Assert.Equal([1], await quiet.ReadAsync(1));
            await transport.ConnectAsync();
        }
        await stop.CancelAsync();
        await Task.WhenAll(floods).Soon();
    }

    [Fact]
    public async Task The_end_of_the_factory_ends_what_is_open_and_what_is_accepted()
    {
        var transport = await BoundTransport.StartAsync(TransportKind.Epoll, loops: 2);
        var pair = await transport.ConnectAsync(receiveBuffer: 16 * 1024);
        var reading = pair.Input.ReadAsync().AsTask();
        var (flushing, _) = await pair.FillAsync(new Pattern(1));
        await transport.StopFactoryAsync();
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading.Soon());
        Assert.True((await flushing.Soon()).IsCompleted);
        await pair.ReceiveToEndAsync();
        await transport.Accepting.Soon();
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task The_addresses_are_among_the_features_already()
    {
        await using var transport = await BoundTransport.StartAsync(TransportKind.Epoll);
        var connection = (await transport.ConnectAsync()).Server;
        var addresses = connection.Features.Get<IConnectionEndPointFeature>()!;
        Assert.Equal((connection.LocalEndPoint, connection.RemoteEndPoint), (addresses.LocalEndPoint, addresses.RemoteEndPoint));
        Assert.Equal(transport.EndPoint, addresses.LocalEndPoint);
    }

    // proc(5), net/tcp: local and remote address, state, queues, the timer that runs (02 is that of keep-alive), ..., inode.
    private static string[] ColumnsOf(ConnectionPair pair)
    {
        var (local, remote) = ((IPEndPoint)pair.Server.LocalEndPoint!, (IPEndPoint)pair.Server.RemoteEndPoint!);
        return File.ReadLines("/proc/net/tcp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(columns => columns[1].EndsWith($":{local.Port:X4}", StringComparison.Ordinal)
                && columns[2].EndsWith($":{remote.Port:X4}", StringComparison.Ordinal));
    }
}
