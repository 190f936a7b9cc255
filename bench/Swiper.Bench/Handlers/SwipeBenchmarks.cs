using BenchmarkDotNet.Attributes;
using Swiper.Bench.Hosting;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Bench.Handlers;

/// <summary>
/// Swipes of new pairs on the whole path from received to sent bytes, without a socket: committed and synced, visible, answered. One
/// operation is one of 16 swipes that arrive together on each of 16 connections. The allocations are what the index keeps.
/// </summary>
public class SwipeBenchmarks : IDisposable
{
    private const int Connections = 16;
    private const int Requests = 16;
    private const int Operations = Connections * Requests;
    private const int People = 5_000;

    private readonly BenchConnection[] _connections = new BenchConnection[Connections];
    private readonly FixedBuffer _received = new(4 * 1024);
    private BenchHost _host = null!;
    private SwipePairs _pairs = null!;
    private long _swiped;

    [Params(SwipeKind.Like, SwipeKind.Dislike)]
    public SwipeKind Kind { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _host = new BenchHost(BenchStore.StartEmbedded(People));
        _pairs = new SwipePairs(_host.Store.Uids, Connections);
        for (var i = 0; i < Connections; i++)
            _connections[i] = _host.Connect(_pairs.At(i).Uid);

        Swipe();
        var swipe = RequestFrames.Of(Opcode.Swipe, new SwipeRequest(_pairs.At(0).Sid, Kind));
        var fields = new FieldReader(_connections[0].Ask(swipe));
        Verification.Require(SwipeReply.Read(ref fields).Repeated, "a swipe is recorded");
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Swipe()
    {
        for (var i = 0; i < Connections; i++)
        {
            _received.Clear();
            var frames = new FrameWriter(_received);
            for (var request = 0; request < Requests; request++)
                Write(ref frames, i, _pairs.At(_swiped + request * Connections + i));
            frames.Flush();
            _connections[i].Send(_received.Sequence);
        }
        foreach (var connection in _connections)
            connection.WaitForReplies();
        _swiped += Operations;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Write(ref FrameWriter frames, int connection, (long Uid, long Sid) pair)
    {
        // A user who has met everyone is replaced by the next.
        if (_connections[connection].Session.Uid != pair.Uid)
            _host.SignIn(_connections[connection], pair.Uid);
        var frame = frames.Begin();
        Envelope.WriteRequest(ref frame, id: 1, Opcode.Swipe);
        new SwipeRequest(pair.Sid, Kind).Write(ref frame);
        frames.End(ref frame);
    }
}
