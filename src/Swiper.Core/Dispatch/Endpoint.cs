using Microsoft.Extensions.Logging;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Dispatch;

/// <summary>An opcode, its descriptor, and its handler.</summary>
public abstract class Endpoint
{
    private readonly bool _signsIn;

    private protected Endpoint(Opcode opcode, EndpointDescriptor descriptor)
    {
        if (descriptor is { Access: Access.Anonymous, Permission: not null })
            throw new ArgumentException($"{opcode} is open to anonymous clients, who have no permissions", nameof(descriptor));
        Opcode = opcode;
        Descriptor = descriptor;
        Access = descriptor.Access;
        Permission = descriptor.Permission;
        RateLimit = descriptor.RateLimit;
        Cost = descriptor.Cost;
        RunsAlone = descriptor.RunsAlone;
        AfterWrites = descriptor.AfterWrites;
        MayWait = RunsAlone || AfterWrites || Cost != RequestCost.Memory;
        _signsIn = descriptor.SignsIn;
    }

    public Opcode Opcode { get; }

    public EndpointDescriptor Descriptor { get; }

    /// <summary>The args; an <see cref="IPayload{TSelf}"/>.</summary>
    public abstract Type RequestType { get; }

    /// <summary>The data; an <see cref="IPayload{TSelf}"/>.</summary>
    public abstract Type ReplyType { get; }

    /// <summary>The handler; docs/PROTOCOL.md shows its description.</summary>
    public abstract Type HandlerType { get; }

    // Copied from the descriptor: the dispatcher reads them for every request.
    internal Access Access { get; }

    internal Permission? Permission { get; }

    internal RateLimit RateLimit { get; }

    internal RequestCost Cost { get; }

    internal bool RunsAlone { get; }

    internal bool AfterWrites { get; }

    /// <summary>False if it begins whatever is in progress.</summary>
    internal bool MayWait { get; }

    /// <summary>Cancelled once the host is stopping.</summary>
    internal CancellationToken Stopping { get; set; }

    /// <summary>
    /// Called after the reply is written: a successful sign-in releases the user's pushes, and one that was refused is counted against the
    /// connection.
    /// </summary>
    internal void Answered(Session session, StatusCode code)
    {
        if (_signsIn && code == StatusCode.Ok)
            session.Output.ReleasePushes();
        else if (RateLimit != RateLimit.None && IsRefusal(code))
            session.NoteFailedSignIn();
    }

    /// <summary>Replies now, or arranges for a later reply. Does not throw.</summary>
    /// <returns>The code of the reply; null if it comes later.</returns>
    internal abstract StatusCode? Invoke(Session session, uint id, ReadOnlySpan<byte> args, ref FrameWriter output, ILogger logger);

    // Not the server's failures, nor what the limits refused.
    private static bool IsRefusal(StatusCode code) =>
        code is StatusCode.BadParams or StatusCode.BadCode or StatusCode.CodeTooOften or StatusCode.TokenInvalid or StatusCode.LockedOut;

    /// <summary>The failure sent for an exception: unavailable infrastructure is worth a retry, a bug is not.</summary>
    internal Failure Explain(Exception exception, Session session, uint id, ILogger logger)
    {
        switch (exception)
        {
            case StoreUnavailableException:
                DispatchLog.StoreUnavailable(logger, Opcode, session.ConnectionId, id);
                return new Failure(StatusCode.Unavailable, "a store is not available, try again");
            case OperationCanceledException when Stopping.IsCancellationRequested:
                return new Failure(StatusCode.Unavailable, "the server is stopping, try again");
            case OperationCanceledException when session.HasLeft:
                return new Failure(StatusCode.Unavailable, "nobody waited for the answer, try again");
            default:
                DispatchLog.HandlerFailed(logger, Opcode, session.ConnectionId, id, exception);
                return new Failure(StatusCode.InternalError, $"internal error, reference {session.ConnectionId}/{id}");
        }
    }
}
