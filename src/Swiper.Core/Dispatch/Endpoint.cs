using Microsoft.Extensions.Logging;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>An opcode, who may call it, and its handler.</summary>
public abstract class Endpoint(Opcode opcode, Access access, RateLimit rateLimit, bool signsIn = false)
{
    public Opcode Opcode { get; } = opcode;

    public Access Access { get; } = access;

    public RateLimit RateLimit { get; } = rateLimit;

    /// <summary>The args; an <see cref="IPayload{TSelf}"/>.</summary>
    public abstract Type RequestType { get; }

    /// <summary>The data; an <see cref="IPayload{TSelf}"/>.</summary>
    public abstract Type ReplyType { get; }

    /// <summary>The handler; docs/PROTOCOL.md shows its description.</summary>
    public abstract Type HandlerType { get; }

    /// <summary>Called after the reply is written: a successful sign-in releases the user's pushes.</summary>
    internal void Answered(Session session, bool isOk)
    {
        if (signsIn && isOk)
            session.Output.ReleasePushes();
    }

    /// <summary>Replies now, or arranges for a later reply. Does not throw.</summary>
    internal abstract void Invoke(Session session, uint id, ReadOnlySpan<byte> args, ref FrameWriter output, ILogger logger);

    /// <summary>The failure sent for an exception: unavailable infrastructure is worth a retry, a bug is not.</summary>
    internal Failure Explain(Exception exception, Session session, uint id, ILogger logger)
    {
        switch (exception)
        {
            case StoreUnavailableException:
                DispatchLog.StoreUnavailable(logger, Opcode, session.ConnectionId, id);
                return new Failure(StatusCode.Unavailable, "a store is not available, try again");
            case OperationCanceledException:
                return new Failure(StatusCode.Unavailable, "the server is stopping, try again");
            default:
                DispatchLog.HandlerFailed(logger, Opcode, session.ConnectionId, id, exception);
                return new Failure(StatusCode.InternalError, $"internal error, reference {session.ConnectionId}/{id}");
        }
    }
}
