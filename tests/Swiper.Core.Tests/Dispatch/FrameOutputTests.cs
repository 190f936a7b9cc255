using System.Collections.Concurrent;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Dispatch;

public sealed class FrameOutputTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frames_of_a_batch_are_flushed_once()
    {
        var connection = new TestConnection();
        connection.Batch((ref replies) =>
        {
            for (var i = 0; i < 100; i++)
                WriteFrame(ref replies, writer: 0, i);
        });
        Assert.Equal(1, connection.Writer.Flushes);
        for (var i = 0; i < 100; i++)
            Assert.Equal(i, ReadNumbered(await connection.NextAsync()).Number);
    }

    [Fact]
    public void A_batch_without_frames_flushes_nothing_and_gives_the_pipe_back()
    {
        var connection = new TestConnection();
        connection.Batch((ref _) => { });
        Assert.Equal(0, connection.Writer.Flushes);
        Push(connection, writer: 1, number: 0);
        Assert.Single(connection.Received());
    }

    [Fact]
    public void What_is_appended_during_a_batch_is_sent_with_it_in_one_flush()
    {
        var connection = new TestConnection();
        connection.Batch((ref replies) =>
        {
            WriteFrame(ref replies, writer: 0, 0);
            Push(connection, writer: 1, 0);
            Push(connection, writer: 1, 1);
            Assert.Equal(0, connection.Writer.Flushes);
        });
        Assert.Equal(1, connection.Writer.Flushes);
        Assert.Equal(3, connection.Received().Count);

        connection.Batch((ref _) => Push(connection, writer: 1, 2));
        Assert.Single(connection.Received());
    }

    [Fact]
    public async Task The_loop_waits_for_a_client_that_does_not_read_and_goes_on_when_it_does()
    {
        var connection = new TestConnection(pipeRoom: 1000);
        connection.Batch((ref replies) => WriteFrame(ref replies, 0, 0, padding: 10));
        Assert.True(connection.Output.WhenSentAsync().AsTask().IsCompleted);

        connection.Batch((ref replies) => WriteFrame(ref replies, 0, 1, padding: 2000));
        var sent = connection.Output.WhenSentAsync().AsTask();
        Assert.False(sent.IsCompleted);

        // Replies and pushes that come meanwhile wait too; they are not lost.
        Push(connection, writer: 1, 2);
        Reply(connection, id: 3);
        Assert.False(sent.IsCompleted);
        Assert.Equal(0, ReadNumbered(await connection.NextAsync()).Number);
        Assert.Equal(1, ReadNumbered(await connection.NextAsync()).Number);
        await sent.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        Assert.Equal(2, ReadNumbered(await connection.NextAsync()).Number);
        Assert.Equal(3, ReadNumbered(await connection.NextAsync()).Number);
    }

    [Fact]
    public async Task A_batch_that_begins_while_the_client_does_not_read_is_sent_after_it_has()
    {
        var connection = new TestConnection(pipeRoom: 1000);
        connection.Batch((ref replies) => WriteFrame(ref replies, 0, 0, padding: 2000));
        connection.Batch((ref replies) => WriteFrame(ref replies, 0, 1, padding: 2000));
        connection.Batch((ref replies) => WriteFrame(ref replies, 0, 2));
        var sent = connection.Output.WhenSentAsync().AsTask();
        Assert.False(sent.IsCompleted);
        for (var i = 0; i < 3; i++)
            Assert.Equal(i, ReadNumbered(await connection.NextAsync()).Number);
        await sent.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
    }

    [Fact]
    public async Task Beyond_the_unsent_limit_the_connection_is_cut_once_and_what_comes_later_goes_nowhere()
    {
        var connection = new TestConnection(pipeRoom: 1000, maxUnsent: 10_000);
        connection.Batch((ref replies) => WriteFrame(ref replies, 0, 0, padding: 2000));
        var sent = connection.Output.WhenSentAsync().AsTask();

        var pushes = 0;
        while (connection.Aborts == 0 && pushes < 1000)
            Push(connection, writer: 1, pushes++, padding: 100);
        Assert.InRange(pushes, 10_000 / 120, 10_000 / 100);

        await sent.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        Push(connection, writer: 1, 0, padding: 900);
        Reply(connection, id: 1);
        for (var i = 0; i < 1000; i++)
            connection.Batch((ref replies) => WriteFrame(ref replies, 0, i, padding: 900));
        Assert.Equal(1, connection.Aborts);
        await connection.Output.CloseAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
    }

    [Fact]
    public async Task Frames_after_the_close_go_nowhere()
    {
        var connection = new TestConnection();
        Push(connection, writer: 1, 0);
        await connection.Output.CloseAsync();
        Push(connection, writer: 1, 1);
        Reply(connection, id: 2);
        connection.Batch((ref replies) => WriteFrame(ref replies, 0, 3));
        using (Scope())
            Push(connection, writer: 1, 4);

        Assert.Equal(0, ReadNumbered(Assert.Single(connection.Received())).Number);
        Assert.True(connection.Output.WhenSentAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task The_close_waits_for_what_is_being_sent()
    {
        var connection = new TestConnection(pipeRoom: 1000);
        connection.Batch((ref replies) => WriteFrame(ref replies, 0, 0, padding: 2000));
        Push(connection, writer: 1, 1);
        var closed = connection.Output.CloseAsync().AsTask();
        Assert.False(closed.IsCompleted);
        Assert.Equal(0, ReadNumbered(await connection.NextAsync()).Number);
        Assert.Equal(1, ReadNumbered(await connection.NextAsync()).Number);
        await closed.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
    }

    [Fact]
    public async Task A_client_that_has_gone_ends_the_output()
    {
        var connection = new TestConnection(pipeRoom: 1000);
        connection.Batch((ref replies) => WriteFrame(ref replies, 0, 0, padding: 2000));
        var sent = connection.Output.WhenSentAsync().AsTask();
        connection.Reader.Complete(new IOException("the network"));
        await sent.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        Push(connection, writer: 1, 1);
        await connection.Output.CloseAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
    }

    [Fact]
    public void A_scope_flushes_each_connection_once_at_its_end()
    {
        var one = new TestConnection();
        var other = new TestConnection();
        using (Scope())
        {
            for (var i = 0; i < 10; i++)
            {
                Push(one, writer: 1, i);
                using (Scope())
                    Reply(other, id: (uint)i);
            }
            Assert.Equal(0, one.Writer.Flushes + other.Writer.Flushes);
        }
        Assert.Equal((1, 1), (one.Writer.Flushes, other.Writer.Flushes));
        Assert.Equal((10, 10), (one.Received().Count, other.Received().Count));

        Push(one, writer: 1, 10);
        Assert.Equal(2, one.Writer.Flushes);
    }

    [Fact]
    public void What_a_scope_holds_leaves_early_with_a_batch_of_the_loop()
    {
        var connection = new TestConnection();
        using (Scope())
        {
            Push(connection, writer: 1, 0);
            connection.Batch((ref replies) => WriteFrame(ref replies, 0, 0));
            Assert.Equal(2, connection.Received().Count);
            Push(connection, writer: 1, 1);
        }
        Assert.Single(connection.Received());
    }

    [Fact]
    public void A_scope_entered_during_the_flushes_of_another_loses_nothing()
    {
        var first = new TestConnection();
        var second = new TestConnection();
        var third = new TestConnection();
        // A reader that runs inside the flush, and whose work pushes to a third connection in a scope of its own.
        _ = ReactAsync();
        using (Scope())
        {
            Push(first, writer: 1, 0);
            Push(second, writer: 1, 1);
        }
        Assert.Single(second.Received());
        Assert.Single(third.Received());

        async Task ReactAsync()
        {
            await first.Reader.ReadAsync(Cancelled).ConfigureAwait(false);
            using (Scope())
                Push(third, writer: 1, 2);
        }
    }

    [Fact]
    public async Task Hundreds_of_thousands_of_frames_of_a_loop_and_many_threads_arrive_whole_and_in_order()
    {
        const int Threads = 4;
        const int FramesEach = 60_000;
        var connection = new TestConnection(pipeRoom: 16 * 1024);
        var client = ReadAllAsync(connection, (Threads + 1) * FramesEach);

        var loop = Task.Run(async () =>
        {
            for (var number = 0; number < FramesEach;)
            {
                connection.Batch((ref replies) =>
                {
                    for (var size = number % 7; size > 0 && number < FramesEach; size--)
                        WriteFrame(ref replies, writer: Threads, number++, padding: number % 300);
                    if (number % 7 == 0)
                        WriteFrame(ref replies, writer: Threads, number++);
                });
                await connection.Output.WhenSentAsync();
            }
        }, Cancelled);
        var threads = Enumerable.Range(0, Threads).Select(writer => OnThread(() =>
        {
            for (var number = 0; number < FramesEach;)
            {
                using var scope = writer % 2 == 0 ? Scope() : null;
                for (var size = number % 5 + 1; size > 0 && number < FramesEach; size--)
                    Push(connection, writer, number++, padding: number % 40);
            }
        })).ToList();

        await Task.WhenAll([loop, client, .. threads]).WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
        foreach (var numbers in (await client).Values)
            Assert.Equal(Enumerable.Range(0, FramesEach), numbers);
        Assert.Equal(0, connection.Aborts);
        await connection.Output.CloseAsync();
        Assert.Empty(connection.Received());
    }

    [Fact]
    public async Task Two_sessions_that_push_to_each_other_from_their_loops_do_not_lock_each_other_out()
    {
        const int Batches = 20_000;
        TestConnection[] connections = [new(pipeRoom: 2000), new(pipeRoom: 2000)];
        var clients = connections.Select(connection => ReadAllAsync(connection, 3 * Batches)).ToList();
        var loops = Enumerable.Range(0, 2).Select(me => Task.Run(async () =>
        {
            for (var number = 0; number < Batches; number++)
            {
                connections[me].Batch((ref replies) =>
                {
                    WriteFrame(ref replies, writer: 0, number, padding: 20);
                    Push(connections[1 - me], writer: 1, number, padding: 20);
                    Push(connections[me], writer: 2, number, padding: 20);
                });
                await connections[me].Output.WhenSentAsync();
            }
        }, Cancelled)).ToList();

        await Task.WhenAll([.. loops, .. clients]).WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
        foreach (var client in clients)
        {
            foreach (var numbers in (await client).Values)
                Assert.Equal(Enumerable.Range(0, Batches), numbers);
        }
    }

    [Fact]
    public async Task Closing_beside_threads_that_still_append_ends_and_sends_no_half()
    {
        // Threads append faster than a client reads, so they end somewhere themselves.
        const int MostFramesEach = 20_000;
        for (var round = 0; round < 20; round++)
        {
            var connection = new TestConnection(pipeRoom: 4096);
            using var stop = new CancellationTokenSource();
            var threads = Enumerable.Range(0, 2).Select(writer => OnThread(() =>
            {
                for (var number = 0; number < MostFramesEach && !stop.IsCancellationRequested; number++)
                    Push(connection, writer, number, padding: 50);
            })).ToList();

            var received = new ConcurrentDictionary<int, List<int>>();
            for (var i = 0; i < 100; i++)
                Add(received, await connection.NextAsync());
            var closed = connection.Output.CloseAsync().AsTask();
            while (!closed.IsCompleted)
            {
                foreach (var frame in connection.Received())
                    Add(received, frame);
                await Task.Yield();
            }
            await stop.CancelAsync();
            await Task.WhenAll(threads).WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
            foreach (var frame in connection.Received())
                Add(received, frame);
            foreach (var numbers in received.Values)
                Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);
        }
    }

    private static async Task<ConcurrentDictionary<int, List<int>>> ReadAllAsync(TestConnection connection, int count)
    {
        await Task.Yield();
        var received = new ConcurrentDictionary<int, List<int>>();
        for (var i = 0; i < count; i++)
            Add(received, await connection.NextAsync());
        return received;
    }

    private static void Add(ConcurrentDictionary<int, List<int>> received, ServerFrame frame)
    {
        var numbered = ReadNumbered(frame);
        received.GetOrAdd(numbered.Writer, _ => []).Add(numbered.Number);
    }

    private static Task OnThread(Action work) => Task.Factory.StartNew(
        work, Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void WriteFrame(ref FrameWriter replies, int writer, int number, int padding = 0) =>
        Core.Dispatch.Reply.Write<Numbered>(ref replies, (uint)number, new Numbered(writer, number, padding));

    private static void Push(TestConnection connection, int writer, int number, int padding = 0) =>
        connection.Output.AppendPush(Opcode.Matched, number, new Numbered(writer, number, padding));

    private static void Reply(TestConnection connection, uint id) =>
        connection.Output.AppendReply<Numbered>(id, new Numbered(0, (int)id));

    private static Numbered ReadNumbered(ServerFrame frame)
    {
        var fields = new FieldReader(frame.Content);
        var numbered = Numbered.Read(ref fields);
        Assert.Null(fields.Problem);
        return numbered;
    }

    private static ScopeEnd Scope()
    {
        FlushScope.Enter();
        return new ScopeEnd();
    }

    private sealed class ScopeEnd : IDisposable
    {
        public void Dispose() => FlushScope.Exit();
    }
}
