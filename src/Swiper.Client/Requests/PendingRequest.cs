using System.Threading.Tasks.Sources;
using Swiper.Core.Protocol;

namespace Swiper.Client.Requests;

/// <summary>The stage of a request; changed only under the gate of its <see cref="RequestQueue"/>.</summary>
internal enum RequestStage : byte
{
    New,

    /// <summary>Waiting for a connection, or for its turn on it.</summary>
    Waiting,

    InFlight,

    /// <summary>Removed from the queue; only the remover completes it.</summary>
    Done,
}

/// <summary>A request, from the call until the caller has the reply.</summary>
internal abstract class PendingRequest
{
    private volatile RequestStage _stage;

    public Opcode Opcode { get; protected set; }

    /// <summary>Assigned when it is sent.</summary>
    public uint Id { get; set; }

    /// <summary>Volatile, because a queue that the request left long ago may read it: see <see cref="Generation"/>.</summary>
    public RequestStage Stage
    {
        get => _stage;
        set => _stage = value;
    }

    /// <summary>Distinguishes uses of the pooled object. Changed before the stage, so it must be read after it.</summary>
    public int Generation { get; protected set; }

    /// <summary><see cref="Environment.TickCount64"/> at which it has timed out.</summary>
    public long Deadline { get; set; }

    /// <summary>Part of making or keeping a connection: never waits for one and never outlives it.</summary>
    public bool OfHandshake { get; protected set; }

    /// <summary>Safe to send again if the connection was lost before the reply.</summary>
    public bool MayRepeat => WireContract.MayRepeat(Opcode);

    /// <summary>False, with nothing written, if the frame would be larger than <paramref name="maxFrame"/>.</summary>
    public abstract bool TryWrite(ref FrameWriter frames, int maxFrame);

    /// <summary>Reads the reply and wakes the caller.</summary>
    public abstract void Complete(StatusCode code, ReadOnlySpan<byte> data);

    public abstract void Refuse(Failure failure);

    public abstract void Fail(Exception exception);
}

/// <summary>A request of given types. Returned to its pool when the caller has taken the outcome.</summary>
internal sealed class PendingRequest<TRequest, TReply> : PendingRequest, IValueTaskSource<Outcome<TReply>>
    where TRequest : IPayload<TRequest>
    where TReply : IPayload<TReply>
{
    private static readonly OperationPool<PendingRequest<TRequest, TReply>> Pool = new(capacity: 4096);

    private ManualResetValueTaskSourceCore<Outcome<TReply>> _core;
    private CancellationTokenRegistration _cancellation;
    private RequestQueue? _queue;

    public TRequest? Request { get; private set; }

    public ValueTask<Outcome<TReply>> Outcome => new(this, _core.Version);

    public static PendingRequest<TRequest, TReply> Rent(
        RequestQueue queue, Opcode opcode, TRequest request, TimeSpan timeout, bool ofHandshake, CancellationToken cancellationToken)
    {
        if (!Pool.TryRent(out var pending))
            pending = new PendingRequest<TRequest, TReply>();
        pending.Generation++;
        pending.Stage = RequestStage.New;
        pending.Opcode = opcode;
        pending.Request = request;
        pending.OfHandshake = ofHandshake;
        pending.Deadline = Environment.TickCount64 + (long)Math.Ceiling(timeout.TotalMilliseconds);
        pending._queue = queue;
        pending._core.RunContinuationsAsynchronously = ofHandshake || !queue.InlineCompletions;
        pending._cancellation =
            cancellationToken.UnsafeRegister(static (state, token) => ((PendingRequest<TRequest, TReply>)state!).Cancel(token), pending);
        return pending;
    }

    public override bool TryWrite(ref FrameWriter frames, int maxFrame)
    {
        var frame = frames.Begin();
        var ended = false;
        try
        {
            Envelope.WriteRequest(ref frame, Id, Opcode);
            Request!.Write(ref frame);
            if (frame.Written.Length > maxFrame)
                return false;
            frames.End(ref frame);
            return ended = true;
        }
        finally
        {
            if (!ended)
                frame.Dispose();
        }
    }

    public override void Complete(StatusCode code, ReadOnlySpan<byte> data)
    {
        if (code != StatusCode.Ok)
        {
            Refuse(ReplyFailure.Read(code, data));
            return;
        }
        var fields = new FieldReader(data);
        TReply reply;
        try
        {
            reply = TReply.Read(ref fields);
        }
        catch (Exception exception)
        {
            _core.SetException(exception);
            return;
        }
        if (fields.Problem is { } problem)
            _core.SetException(new SwiperProtocolException($"the server's reply to {Opcode} can't be read: {problem}"));
        else
            _core.SetResult(reply);
    }

    public override void Refuse(Failure failure) => _core.SetResult(failure);

    public override void Fail(Exception exception) => _core.SetException(exception);

    Outcome<TReply> IValueTaskSource<Outcome<TReply>>.GetResult(short token)
    {
        // Neither an early nor a second GetResult may return an object that is still in use.
        if (token != _core.Version || _core.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("a request must be awaited exactly once");
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            // Waits for a running cancellation callback, so that it can't affect the next use.
            _cancellation.Dispose();
            _cancellation = default;
            _queue = null;
            Request = default;
            _core.Reset();
            Pool.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<Outcome<TReply>>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<Outcome<TReply>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        if (_queue!.Withdraw(this))
            Fail(new OperationCanceledException(token));
    }
}
