using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Bench.Hosting;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Dispatch;

/// <summary>The spans of requests.</summary>
public sealed class RequestTracesTests : IDisposable
{
    private const Opcode AtOnce = (Opcode)900;
    private const Opcode Later = (Opcode)901;

    private readonly RecordedSpans _spans = new();
    private readonly TestConnection _connection = new();
    private readonly Handler _handler = new();

    public void Dispose() => _spans.Dispose();

    [Fact]
    public void A_request_has_a_span_that_is_current_while_its_handler_runs_and_ends_with_its_reply()
    {
        Dispatch(1, AtOnce);
        Assert.Null(Activity.Current);
        var span = Assert.Single(_spans.Ended, _handler.Seen.Contains);
        Assert.Equal(("900", ActivityKind.Server, default), (span.OperationName, span.Kind, span.ParentSpanId));
        Assert.Equal("swiper", span.GetTagItem("rpc.system.name"));
        Assert.Equal("900", span.GetTagItem("rpc.method"));
        Assert.Equal("0", span.GetTagItem("rpc.response.status_code"));
    }

    [Fact]
    public async Task One_that_is_answered_later_ends_then_and_is_current_for_its_handler_again_and_for_nobody_else()
    {
        Dispatch(1, Later, AtOnce);
        Assert.Null(Activity.Current);
        var (later, atOnce) = (_handler.Seen[0], _handler.Seen[1]);
        Assert.NotEqual(later!.TraceId, atOnce!.TraceId);
        Assert.Contains(atOnce, _spans.Ended);
        Assert.DoesNotContain(later, _spans.Ended);

        // As the thread of a store does, which works for many: it keeps the span that it has.
        using var own = new Activity("the store's own").Start();
        await Task.Run(() =>
        {
            _handler.Answer.SetResult(new Failure(StatusCode.Unavailable, "not now"));
            Assert.Same(own, Activity.Current);
        }, TestContext.Current.CancellationToken);

        Assert.Same(later, _handler.Seen[2]);
        Assert.Contains(later, _spans.Ended);
        Assert.Equal(ActivityStatusCode.Error, later.Status);
        Assert.Equal("1004", later.GetTagItem("rpc.response.status_code"));
        Assert.Equal("Unavailable", later.GetTagItem("error.type"));
    }

    [Fact]
    public void One_that_had_to_wait_shows_for_how_long()
    {
        var arrived = Stopwatch.GetTimestamp() - 2 * Stopwatch.Frequency;
        _connection.Session.BeginRead(arrived, Stopwatch.GetTimestamp());
        Dispatch(1, AtOnce);
        var span = _handler.Seen[0]!;
        var turn = Assert.Single(_spans.Ended, turn => turn.ParentSpanId == span.SpanId);
        Assert.Equal("turn", turn.OperationName);
        Assert.InRange(turn.Duration, TimeSpan.FromSeconds(1), span.Duration);
    }

    [Fact]
    public void One_that_is_not_of_the_sample_has_none()
    {
        Dispatch(0, AtOnce, Later);
        Assert.Equal([null, null], _handler.Seen);
    }

    private void Dispatch(double share, params Opcode[] opcodes)
    {
        var table = new OpcodeTable().Answer(AtOnce, _handler, new() { Access = Access.Anonymous })
            .Defer(Later, _handler, new() { Access = Access.Anonymous });
        var dispatcher = new Dispatcher(
            table, PermissionPolicy.GrantAll, new NoLimiter(), NullLogger<Dispatcher>.Instance, new RequestTraces(share));
        _connection.Batch((ref replies) =>
        {
            foreach (var opcode in opcodes)
                dispatcher.Dispatch(_connection.Session, Wire.Request(1, opcode), ref replies);
        });
    }

    private sealed class Handler : IImmediateHandler<NoArgs, NoData>, IDeferredHandler<NoArgs, NoData>
    {
        public List<Activity?> Seen { get; } = [];

        public TaskCompletionSource<Outcome<NoData>> Answer { get; } = new();

        public Failure Handle(Session session, NoArgs request, ref MessagePackWriter data)
        {
            Seen.Add(Activity.Current);
            default(NoData).Write(ref data);
            return default;
        }

        public async ValueTask<Outcome<NoData>> HandleAsync(Session session, NoArgs request)
        {
            Seen.Add(Spans.Current);
            var answer = await Answer.Task;
            Seen.Add(Spans.Current);
            return answer;
        }
    }
}
