using Microsoft.Extensions.Logging;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Dispatch;

/// <summary>
/// Dispatches a frame to the endpoint of its opcode: 1. read the envelope, 2. find, 3. check access, 4. check the permission, 5. see
/// whether others come first, 6. check the rate, 7. the quotas, 8. invoke.
/// </summary>
public sealed class Dispatcher(
    OpcodeTable table, PermissionPolicy permissions, IRequestLimiter limiter, ILogger<Dispatcher> logger, RequestTraces? traces = null)
{
    private static readonly Failure UnknownOpcode = new(StatusCode.UnknownOpcode, "unknown opcode");
    private static readonly Failure LoginRequired = new(StatusCode.LoginRequired, "sign in first");

    /// <summary>Nothing is written unless the frame was dispatched.</summary>
    public Dispatched Dispatch(Session session, ReadOnlySpan<byte> frame, ref FrameWriter output)
    {
        // :: Step 1
        if (!Envelope.TryReadRequest(frame, out var id, out var opcode, out var args))
            return Dispatched.NoRequest;

        TimeSpan retryAfter;
        Throttle by;
        Failure refused;
        // :: Step 2
        if (table.Find(opcode) is not { } endpoint)
        {
            opcode = Envelope.NoOpcode;
            refused = UnknownOpcode;
        }
        // :: Step 3
        else if (endpoint.Access != Access.Anonymous && !session.IsSignedIn)
        {
            refused = LoginRequired;
        }
        // :: Step 4
        else if (endpoint.Permission is { } permission
            && permissions.Check(session.Uid, permission) is { Code: not StatusCode.Ok } denied)
        {
            refused = denied;
        }
        // :: Step 5
        else if (endpoint.MayWait && !session.MayBegin(endpoint))
        {
            return Dispatched.Waits;
        }
        // :: Step 6
        else if (endpoint.RateLimit != RateLimit.None
            && !limiter.TryAcquire(session, endpoint.RateLimit, out retryAfter))
        {
            refused = Failure.Throttled(retryAfter);
            session.Traffic?.Throttled(opcode, Throttle.Address);
        }
        // :: Step 7
        else if (endpoint.Cost != RequestCost.Memory && !session.TryTakeQuota(endpoint.Cost, out retryAfter, out by))
        {
            refused = Failure.Throttled(retryAfter);
            session.Traffic?.Throttled(opcode, by);
        }
        // :: Step 8
        else
        {
            var answered = traces is not null && traces.TakesNext()
                ? RequestTraces.Invoke(endpoint, session, id, args, ref output, logger)
                : endpoint.Invoke(session, id, args, ref output, logger);
            if (answered is { } code)
                session.NoteAnswered(opcode, code);
            return Dispatched.Done;
        }
        Envelope.WriteFailure(ref output, id, refused);
        session.NoteAnswered(opcode, refused.Code);
        return Dispatched.Done;
    }
}

/// <summary>What became of a frame.</summary>
public enum Dispatched : byte
{
    /// <summary>It was answered, or will be.</summary>
    Done,

    /// <summary>The bytes are not a request: the caller must close the connection.</summary>
    NoRequest,

    /// <summary>
    /// Others come first: the caller dispatches the frame again after <see cref="Session.WhenMayBeginAsync"/>, and none before it.
    /// </summary>
    Waits,
}
