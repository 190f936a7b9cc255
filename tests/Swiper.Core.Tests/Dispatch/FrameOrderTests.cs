using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Dispatch;

/// <summary>Frames are sent in the order in which they were ended or appended, whichever way they took.</summary>
public sealed class FrameOrderTests
{
    private const int Steps = 6;
    private const int Large = 1000;

    private enum Step
    {
        /// <summary>The loop's batch begins, or ends.</summary>
        Batch,

        /// <summary>A frame of the loop; outside of a batch a reply that comes later.</summary>
        Reply,

        /// <summary>The same, too large to be written in place.</summary>
        LargeReply,

        Push,

        /// <summary>A store's batch of completions begins, or ends.</summary>
        Scope,

        /// <summary>The client reads all that was sent.</summary>
        Read,
    }

    // What a connection does is done under its lock, so threads can interleave in no other way than these sequences.
    [Theory]
    [InlineData(1)] // each flush waits for the client
    [InlineData(64 * 1024)]
    public void Whatever_happens_in_whatever_order(int pipeRoom)
    {
        var kinds = Enum.GetValues<Step>();
        var sequence = new Step[Steps];
        for (var number = 0; number < Math.Pow(kinds.Length, Steps); number++)
        {
            var rest = number;
            for (var i = 0; i < Steps; i++, rest /= kinds.Length)
                sequence[i] = kinds[rest % kinds.Length];
            if (Run(sequence, pipeRoom) is { } received && !received.SequenceEqual(Enumerable.Range(0, received.Count)))
                Assert.Fail($"{string.Join(", ", sequence)}: {string.Join(", ", received)}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Large)]
    public void A_push_during_a_batch_comes_between_the_replies_before_and_after_it(int padding)
    {
        var connection = new TestConnection();
        connection.Batch((ref replies) =>
        {
            Reply(ref replies, 0, padding);
            Push(connection, 1);
            Reply(ref replies, 2, padding);
            Push(connection, 3);
            Reply(ref replies, 4, padding);
        });
        Assert.Equal([0, 1, 2, 3, 4], Numbers(connection.Received()));
        Assert.Equal(1, connection.Writer.Flushes);
    }

    [Fact]
    public void A_push_does_not_overtake_the_replies_of_a_batch_that_began_while_the_client_did_not_read()
    {
        var connection = new TestConnection(pipeRoom: 1);
        Push(connection, 0);
        var received = new List<int>();
        connection.Batch((ref replies) =>
        {
            Reply(ref replies, 1);
            Push(connection, 2);
            received.AddRange(Numbers(connection.Received()));
            Assert.Equal([0], received);
            Reply(ref replies, 3);
        });
        Assert.Equal([1, 2, 3], Numbers(connection.Received()));
        Assert.Equal(2, connection.Writer.Flushes);
    }

    [Fact]
    public void What_a_scope_holds_goes_before_the_replies_of_a_later_batch()
    {
        var connection = new TestConnection();
        FlushScope.Enter();
        Push(connection, 0);
        connection.Batch((ref replies) => Reply(ref replies, 1));
        FlushScope.Exit();
        Assert.Equal([0, 1], Numbers(connection.Received()));
    }

    [Fact]
    public void During_a_sign_in_pushes_wait_for_the_reply_and_missed_ones_do_not()
    {
        var connection = new TestConnection();
        var output = connection.Output;
        output.DelayPushes();
        Push(connection, 3);
        output.AppendMissedPush(Opcode.Matched, 0, new Numbered(0, 0));
        Push(connection, 4);
        output.AppendMissedPush(Opcode.Matched, 1, new Numbered(0, 1));
        connection.Batch((ref replies) => Reply(ref replies, 2));
        Assert.Equal([0, 1, 2], Numbers(connection.Received()));

        output.ReleasePushes();
        Assert.Equal([3, 4], Numbers(connection.Received()));
        Push(connection, 5);
        Assert.Equal([5], Numbers(connection.Received()));
    }

    [Fact]
    public void Of_two_sign_ins_at_once_the_last_to_end_lets_the_pushes_go()
    {
        var connection = new TestConnection();
        connection.Output.DelayPushes();
        connection.Output.DelayPushes();
        Push(connection, 0);
        connection.Output.ReleasePushes();
        Push(connection, 1);
        Assert.Empty(connection.Received());
        connection.Output.ReleasePushes();
        Assert.Equal([0, 1], Numbers(connection.Received()));
    }

    [Fact]
    public void Pushes_that_wait_for_a_sign_in_count_as_unsent()
    {
        var connection = new TestConnection(maxUnsent: 10_000);
        connection.Output.DelayPushes();
        for (var number = 0; connection.Aborts == 0 && number < 1000; number++)
            Push(connection, number, padding: 100);
        Assert.Equal(1, connection.Aborts);
        connection.Output.ReleasePushes();
        Push(connection, 0);
        Assert.Equal(0, connection.Writer.Flushes);
    }

    // The numbers received, which count up in the order of the calls.
    private static List<int> Run(Step[] sequence, int pipeRoom)
    {
        var connection = new TestConnection(pipeRoom);
        var received = new List<int>();
        var next = 0;
        var inBatch = false;
        var inScope = false;
        FrameWriter replies = default;
        foreach (var step in sequence)
        {
            switch (step)
            {
                case Step.Batch when inBatch:
                    connection.Output.EndBatch(ref replies);
                    inBatch = false;
                    break;
                case Step.Batch:
                    replies = connection.Output.BeginBatch();
                    inBatch = true;
                    break;
                case Step.Reply or Step.LargeReply when inBatch:
                    Reply(ref replies, next++, step == Step.Reply ? 0 : Large);
                    break;
                case Step.Reply or Step.LargeReply:
                    connection.Output.AppendReply<Numbered>(1, new Numbered(0, next++, step == Step.Reply ? 0 : Large));
                    break;
                case Step.Push:
                    Push(connection, next++);
                    break;
                case Step.Scope when inScope:
                    FlushScope.Exit();
                    inScope = false;
                    break;
                case Step.Scope:
                    FlushScope.Enter();
                    inScope = true;
                    break;
                case Step.Read:
                    received.AddRange(Numbers(connection.Received()));
                    break;
            }
        }
        if (inBatch)
            connection.Output.EndBatch(ref replies);
        if (inScope)
            FlushScope.Exit();
        received.AddRange(Numbers(connection.Received()));
        Assert.Equal(next, received.Count);
        return received;
    }

    private static void Reply(ref FrameWriter replies, int number, int padding = 0) =>
        Core.Dispatch.Reply.Write<Numbered>(ref replies, 1, new Numbered(0, number, padding));

    private static void Push(TestConnection connection, int number, int padding = 0) =>
        connection.Output.AppendPush(Opcode.Matched, 1, new Numbered(0, number, padding));

    private static List<int> Numbers(List<ServerFrame> frames) => frames.ConvertAll(static frame =>
    {
        var fields = new FieldReader(frame.Content);
        return Numbered.Read(ref fields).Number;
    });
}
