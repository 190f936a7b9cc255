using System.Buffers;
using System.Reflection;
using Swiper.Core.Protocol;

namespace Swiper.Tools.TestVectors;

/// <summary>Frames encoded by the very code that serves.</summary>
internal static class ServerCodec
{
    private static readonly MethodInfo Reencoded = typeof(ServerCodec).GetMethod(
        nameof(ReencodedAs), BindingFlags.NonPublic | BindingFlags.Static)!;

    private delegate void WriteContent(ref MessagePackWriter content);

    private delegate void WriteFrames(ref FrameWriter output);

    public static byte[] Request<TRequest>(uint id, Opcode opcode, TRequest request)
        where TRequest : IPayload<TRequest> => Request(id, opcode, typeof(TRequest), Encode(request));

    public static byte[] Reply<TReply>(uint id, TReply reply)
        where TReply : IPayload<TReply> => Reply(id, typeof(TReply), Encode(reply));

    public static byte[] Push<TPush>(Opcode opcode, long seq, TPush push)
        where TPush : IPayload<TPush> => Push(opcode, seq, typeof(TPush), Encode(push));

    /// <param name="id">Chosen by the client.</param>
    /// <param name="opcode">Of the request.</param>
    /// <param name="payload">The type of the args, which reads and writes them again.</param>
    /// <param name="args">Encoded by whomever.</param>
    public static byte[] Request(uint id, Opcode opcode, Type payload, byte[] args) => Frame((ref content) =>
    {
        Envelope.WriteRequest(ref content, id, opcode);
        content.WriteRaw(Reencode(payload, args));
    });

    public static byte[] Reply(uint id, Type payload, byte[] data) => Frame((ref content) =>
    {
        Envelope.WriteReply(ref content, id, StatusCode.Ok);
        content.WriteRaw(Reencode(payload, data));
    });

    public static byte[] Push(Opcode opcode, long seq, Type payload, byte[] data) => Frame((ref content) =>
    {
        Envelope.WritePush(ref content, opcode, seq);
        content.WriteRaw(Reencode(payload, data));
    });

    public static byte[] Failure(uint id, Failure failure) => Written((ref output) => Envelope.WriteFailure(ref output, id, failure));

    /// <summary>A frame with any content, valid or not.</summary>
    public static byte[] Frame(byte[] content) => Frame((ref frame) => frame.WriteRaw(content));

    private static byte[] Frame(WriteContent write) => Written((ref output) =>
    {
        var frame = output.Begin();
        write(ref frame);
        output.End(ref frame);
    });

    private static byte[] Written(WriteFrames write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var output = new FrameWriter(buffer);
        write(ref output);
        output.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    // Payloads of any values are the bytes themselves.
    private static byte[] Reencode(Type payload, byte[] value) =>
        payload.IsByRefLike ? value : (byte[])Reencoded.MakeGenericMethod(payload).Invoke(null, [value])!;

    private static byte[] ReencodedAs<T>(byte[] value)
        where T : IPayload<T>
    {
        var fields = new FieldReader(value);
        var payload = T.Read(ref fields);
        return fields.Problem is { } problem
            ? throw new InvalidOperationException($"{typeof(T).Name} refuses its sample: {problem}")
            : Encode(payload);
    }

    private static byte[] Encode<T>(T payload)
        where T : IPayload<T>
    {
        var writer = new MessagePackWriter([]);
        try
        {
            payload.Write(ref writer);
            return writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }
}
