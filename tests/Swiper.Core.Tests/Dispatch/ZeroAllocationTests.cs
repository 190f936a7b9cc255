using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Bench.Dispatch;
using Swiper.Bench.Hosting;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Dispatch;

/// <summary>What a request may leave to the garbage collector in the steady state: nothing.</summary>
public sealed class ZeroAllocationTests
{
    private const Opcode Tested = (Opcode)900;
    private const int Warmup = 2_000;
    private const int Requests = 2_000;
    private const int Rounds = 10;

    [Fact]
    public void Ping_and_echo_allocate_nothing()
    {
        var connection = new TestConnection();
        var dispatcher = Dispatcher();
        byte[][] requests =
        [
            Wire.Request(1, Opcode.Ping),
            Wire.Request(2, Opcode.Echo, (ref args) =>
            {
                args.WriteArrayHeader(1);
                args.WriteBinary(new byte[32]);
            }),
            Wire.Request(3, Opcode.Echo, (ref args) =>
            {
                args.WriteArrayHeader(1);
                args.WriteBinary(new byte[20_000]);
            }),
            Wire.Request(4, Tested),
        ];
        foreach (var request in requests)
        {
            Assert.Equal(0, AllocatedBy(() =>
            {
                // A batch of requests, as a read has them.
                var replies = connection.Output.BeginBatch();
                for (var i = 0; i < 3; i++)
                    dispatcher.Dispatch(connection.Session, request, ref replies);
                connection.Output.EndBatch(ref replies);
                Drain(connection);
            }));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // others are, but not these
    public void A_deferred_request_of_a_pooled_operation_allocates_nothing(bool areTraced)
    {
        using var spans = areTraced ? new RecordedSpans() : null;
        var connection = new TestConnection();
        var store = new PendingStore();
        var dispatcher = Dispatcher(store, areTraced ? new RequestTraces(share: 0) : null);
        var request = Wire.Request(1, Tested);
        Assert.Equal(0, AllocatedBy(() =>
        {
            var replies = connection.Output.BeginBatch();
            for (var i = 0; i < 3; i++)
                dispatcher.Dispatch(connection.Session, request, ref replies);
            connection.Output.EndBatch(ref replies);

            store.AnswerAll();
            Drain(connection);
        }));
        Assert.True(store.Answered >= 3 * (Warmup + Requests));
    }

    [Fact]
    public void Replies_behind_a_push_allocate_nothing()
    {
        var connection = new TestConnection();
        var dispatcher = Dispatcher();
        var request = Wire.Request(1, Opcode.Ping);
        Assert.Equal(0, AllocatedBy(() =>
        {
            var replies = connection.Output.BeginBatch();
            for (var i = 0; i < 3; i++)
            {
                dispatcher.Dispatch(connection.Session, request, ref replies);
                connection.Output.AppendPush(Opcode.Draining, 1, new DrainingPush(5));
            }
            connection.Output.EndBatch(ref replies);
            Drain(connection);
        }));
    }

    [Fact]
    public void Pushes_allocate_nothing()
    {
        var connection = new TestConnection();
        var registry = new SessionRegistry();
        registry.SignIn(connection.Session, new Identity(1, 2, 3));
        var seq = 0L;
        Assert.Equal(0, AllocatedBy(() =>
        {
            FlushScope.Enter();
            registry.Push(1, Opcode.Draining, ++seq, new DrainingPush(5));
            registry.Push(1, Opcode.Draining, ++seq, new DrainingPush(6));
            FlushScope.Exit();
            Drain(connection);
        }));
    }

    private static Dispatcher Dispatcher(IDeferredHandler<NoArgs, NoData>? handler = null, RequestTraces? traces = null)
    {
        var table = new OpcodeTable();
        new DiagnosticsSlice(new ServerIdentity("swiper/test", () => 1, 2, 3), TimeProvider.System).Map(table);
        if (handler is not null)
            table.Defer(Tested, handler, new() { Access = Access.Anonymous });
        return new Dispatcher(table, PermissionPolicy.GrantAll, new NoLimiter(), NullLogger<Dispatcher>.Instance, traces);
    }

    private static void Drain(TestConnection connection)
    {
        Assert.True(connection.Reader.TryRead(out var read));
        connection.Reader.AdvanceTo(read.Buffer.End);
    }

    // On a thread of its own, as a connection's loop has no synchronization context either. The least of some rounds, because pools
    // give memory back when other tests make the collector run.
    private static long AllocatedBy(Action work)
    {
        var allocated = long.MaxValue;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                for (var i = 0; i < Warmup; i++)
                    work();
                for (var round = 0; round < Rounds && allocated > 0; round++)
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    for (var i = 0; i < Requests; i++)
                        work();
                    allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
                }
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return allocated;
    }
}
