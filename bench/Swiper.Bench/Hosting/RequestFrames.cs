using System.Buffers;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Hosting;

/// <summary>Frames as clients send them.</summary>
internal static class RequestFrames
{
    /// <summary>One request with its length prefix.</summary>
    public static byte[] Of<TArgs>(Opcode opcode, in TArgs args, uint id = 1)
        where TArgs : IPayload<TArgs>, allows ref struct
    {
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);
        var frame = frames.Begin();
        Envelope.WriteRequest(ref frame, id, opcode);
        args.Write(ref frame);
        frames.End(ref frame);
        frames.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The bytes of a read from a client that pipelines.</summary>
    public static ReadOnlySequence<byte> Repeated(byte[] frame, int times) =>
        new([.. Enumerable.Repeat(frame, times).SelectMany(static bytes => bytes)]);
}
