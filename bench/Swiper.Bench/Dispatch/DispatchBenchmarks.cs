using System.Buffers;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Bench.Hosting;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Bench.Dispatch;

/// <summary>
/// The path of a frame to a handler that does nothing, and of its reply to an output without a socket. One operation is one of 16
/// requests that arrive together.
/// </summary>
public class DispatchBenchmarks : IDisposable
{
    private const int Requests = 16;
    private const Opcode Immediate = (Opcode)900;
    private const Opcode Completed = (Opcode)901;
    private const Opcode Pending = (Opcode)902;
    private const Opcode Unknown = (Opcode)903;

    private readonly PendingStore _store = new();
    private readonly CountedTraffic _counted;
    private readonly BenchConnection _connection;
    private readonly ReadOnlySequence<byte> _immediate = Batch(Immediate);
    private readonly ReadOnlySequence<byte> _completed = Batch(Completed);
    private readonly ReadOnlySequence<byte> _pending = Batch(Pending);
    private readonly ReadOnlySequence<byte> _unknown = Batch(Unknown);

    public DispatchBenchmarks()
    {
        var table = new OpcodeTable()
            .Answer(Immediate, new ImmediateNothing(), new() { Access = Access.Anonymous })
            .Defer(Completed, new CompletedNothing(), new() { Access = Access.Anonymous })
            .Defer(Pending, _store, new() { Access = Access.Anonymous });
        _counted = new CountedTraffic(table);
        _connection = new BenchConnection(
            new Dispatcher(table, PermissionPolicy.GrantAll, new NoLimiter(), NullLogger<Dispatcher>.Instance), _counted.Traffic);
    }

    [GlobalSetup]
    public void Verify()
    {
        _connection.Ask(RequestFrames.Of(Immediate, default(NoArgs)));
        _connection.Ask(RequestFrames.Of(Completed, default(NoArgs)));
        PendingEndpoint();
        Verification.Require(_store.Answered == Requests, "the deferred handler was called and answered later");
        UnknownOpcode();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Requests)]
    public void ImmediateEndpoint() => _connection.Exchange(_immediate);

    /// <summary>Deferred, but already completed.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public void CompletedEndpoint() => _connection.Exchange(_completed);

    /// <summary>Deferred, and answered by pooled operations once all requests of the read have been dispatched.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public void PendingEndpoint()
    {
        _connection.Send(_pending);
        _store.AnswerAll();
        _connection.WaitForReplies();
    }

    [Benchmark(OperationsPerInvoke = Requests)]
    public void UnknownOpcode() => _connection.Exchange(_unknown);

    [GlobalCleanup]
    public void Dispose()
    {
        _connection.Dispose();
        _counted.Dispose();
        GC.SuppressFinalize(this);
    }

    private static ReadOnlySequence<byte> Batch(Opcode opcode) =>
        RequestFrames.Repeated(RequestFrames.Of(opcode, default(NoArgs)), Requests);
}
