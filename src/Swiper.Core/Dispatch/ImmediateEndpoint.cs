using Microsoft.Extensions.Logging;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>Replies on the connection's loop, from memory, without waiting.</summary>
public interface IImmediateHandler<TRequest, TReply>
    where TRequest : IPayload<TRequest>, allows ref struct
    where TReply : IPayload<TReply>, allows ref struct
{
    /// <summary>
    /// Writes the data, a <typeparamref name="TReply"/> or the same bytes from elsewhere, and returns default; or returns a failure, and
    /// anything written is discarded.
    /// </summary>
    Failure Handle(Session session, TRequest request, ref MessagePackWriter data);
}

internal sealed class ImmediateEndpoint<TRequest, TReply>(
    Opcode opcode, IImmediateHandler<TRequest, TReply> handler, EndpointDescriptor descriptor)
    : Endpoint(opcode, descriptor)
    where TRequest : IPayload<TRequest>, allows ref struct
    where TReply : IPayload<TReply>, allows ref struct
{
    public override Type RequestType => typeof(TRequest);

    public override Type ReplyType => typeof(TReply);

    public override Type HandlerType => handler.GetType();

    internal override StatusCode? Invoke(Session session, uint id, ReadOnlySpan<byte> args, ref FrameWriter output, ILogger logger)
    {
        var frame = output.Begin();
        Failure failure;
        try
        {
            var fields = new FieldReader(args);
            var request = TRequest.Read(ref fields);
            Envelope.WriteReply(ref frame, id, StatusCode.Ok);
            failure = fields.Problem is { } problem
                ? new Failure(StatusCode.BadParams, problem)
                : handler.Handle(session, request, ref frame);
        }
        catch (Exception exception)
        {
            failure = Explain(exception, session, id, logger);
        }

        if (failure.Code == StatusCode.Ok)
        {
            output.End(ref frame);
            return StatusCode.Ok;
        }
        frame.Dispose();
        Envelope.WriteFailure(ref output, id, failure);
        return failure.Code;
    }
}
