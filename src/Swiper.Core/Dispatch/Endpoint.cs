using Microsoft.Extensions.Logging;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>An opcode, who may call it, and what answers it.</summary>
public abstract class Endpoint(Opcode opcode, Access access, RateLimit rateLimit, bool signsIn = false)
{
    public Opcode Opcode { get; } = opcode;

    public Access Access { get; } = access;

    public RateLimit RateLimit { get; } = rateLimit;

    /// <summary>The args; an <see cref="IPayload{TSelf}"/>.</summary>
    public abstract Type RequestType { get; }

    /// <summary>The data; an <see cref="IPayload{TSelf}"/>.</summary>
    public abstract Type ReplyType { get; }

    /// <summary>What answers it; its description stands in docs/PROTOCOL.md.</summary>
    public abstract Type HandlerType { get; }

    /// <summary>By whoever has written the reply: a success of what signs in lets the pushes of who was signed in follow.</summary>
    internal void Answered(Session session, bool isOk)
    {
        if (signsIn && isOk)
            session.Output.ReleasePushes();
    }

    /// <summary>Answers the request now, or sees to it that it is answered later. Does not throw.</summary>
    internal abstract void Invoke(Session session, uint id, ReadOnlySpan<byte> args, ref FrameWriter output, ILogger logger);

    /// <summary>What the client is told of an exception: broken infrastructure is worth a retry, a bug is not.</summary>
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
