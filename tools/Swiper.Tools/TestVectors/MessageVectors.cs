using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Tools.ProtocolDocument;

namespace Swiper.Tools.TestVectors;

/// <summary>docs/vectors/messages.jsonl: the bytes and the values of every message.</summary>
internal sealed class MessageVectors(OpcodeTable table, ProtocolModel model)
{
    private const uint Id = 7;
    private const long Seq = 300;

    private readonly Samples _samples = new(model);

    public string Write() => Vectors.ToLines(
        Requests().Concat(Replies()).Concat(Pushes()).Concat(Failures())
            // An absent argument and its default are the same once the server has written them.
            .DistinctBy(static vector => (vector.Kind, vector.Name, vector.Frame)));

    private IEnumerable<MessageVector> Requests() =>
        from request in model.Requests
        let endpoint = Endpoint(request)
        from args in _samples.Of(request.Args)
        let frame = ServerCodec.Request(Id, endpoint.Opcode, endpoint.RequestType, WireValue.Encode(args))
        select Vector("request", request.Name, request.Args, frame);

    private IEnumerable<MessageVector> Replies() =>
        from request in model.Requests
        let endpoint = Endpoint(request)
        from data in _samples.Of(request.Data)
        let frame = ServerCodec.Reply(Id, endpoint.ReplyType, WireValue.Encode(data))
        select Vector("reply", request.Name, request.Data, frame);

    private IEnumerable<MessageVector> Pushes() =>
        from push in model.Pushes
        let descriptor = table.Pushes.Single(each => (int)each.Opcode == push.Opcode)
        from data in _samples.Of(push.Data)
        let frame = ServerCodec.Push(descriptor.Opcode, push.Numbered ? Seq : 0, descriptor.PayloadType, WireValue.Encode(data))
        select Vector("push", push.Name, push.Data, frame);

    private IEnumerable<MessageVector> Failures() =>
        from code in model.Codes
        where code.Data is not null
        let message = code.Code == (int)StatusCode.VipRequired ? "superlike" : "what went wrong"
        let frame = ServerCodec.Failure(Id, new Failure((StatusCode)code.Code, message, RetryAfterMs: 1500))
        select Vector("failure", code.Name, code.Data!, frame);

    private Endpoint Endpoint(WireRequest request) => table.Endpoints.Single(each => (int)each.Opcode == request.Opcode);

    private static MessageVector Vector(string kind, string name, string type, byte[] frame) =>
        new(kind, name, type, Vectors.HexOf(frame), Vectors.ValueOf(frame));
}
