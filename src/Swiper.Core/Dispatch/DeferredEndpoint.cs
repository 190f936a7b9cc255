using Microsoft.Extensions.Logging;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>Hands the request to a store and replies when it completes.</summary>
public interface IDeferredHandler<TRequest, TReply>
    where TRequest : IPayload<TRequest>
    where TReply : IPayload<TReply>
{
    /// <summary>
    /// Called on the connection's loop in the order in which requests arrived, so whatever it queues before its first await keeps
    /// that order. It must not block.
    /// </summary>
    ValueTask<Outcome<TReply>> HandleAsync(Session session, TRequest request);
}

internal sealed class DeferredEndpoint<TRequest, TReply>(
    Opcode opcode, IDeferredHandler<TRequest, TReply> handler, EndpointDescriptor descriptor)
    : Endpoint(opcode, descriptor)
    where TRequest : IPayload<TRequest>
    where TReply : IPayload<TReply>
{
    public override Type RequestType => typeof(TRequest);

    public override Type ReplyType => typeof(TReply);

    public override Type HandlerType => handler.GetType();

    internal override StatusCode? Invoke(Session session, uint id, ReadOnlySpan<byte> args, ref FrameWriter output, ILogger logger)
    {
        try
        {
            var fields = new FieldReader(args);
            var request = TRequest.Read(ref fields);
            if (fields.Problem is { } problem)
            {
                Envelope.WriteFailure(ref output, id, new Failure(StatusCode.BadParams, problem));
                Answered(session, StatusCode.BadParams);
                return StatusCode.BadParams;
            }

            var pending = handler.HandleAsync(session, request);
            if (!pending.IsCompleted)
            {
                PendingReply<TReply>.Await(pending, this, session, id, logger);
                return null;
            }
            var outcome = pending.GetAwaiter().GetResult();
            Reply.Write(ref output, id, outcome);
            Answered(session, outcome.Failure.Code);
            return outcome.Failure.Code;
        }
        catch (Exception exception)
        {
            var failure = Explain(exception, session, id, logger);
            Envelope.WriteFailure(ref output, id, failure);
            return failure.Code;
        }
    }
}
