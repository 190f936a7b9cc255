using MessagePack;
using Swiper.Bench.Hosting;

namespace Swiper.Bench.Codec.Frames;

/// <summary>A message as arrays of MessagePack, by MessagePack-CSharp.</summary>
internal sealed class MessagePackCSharpFrame<T>(T message) : FrameCodec
{
    private T? _read;

    internal override void Write(FixedBuffer output) => MessagePackSerializer.Serialize(output, message);

    internal override bool Read(byte[] encoded)
    {
        _read = MessagePackSerializer.Deserialize<T>(encoded);
        return _read is not null;
    }

    internal override void WriteCopy(byte[] encoded, FixedBuffer output) =>
        MessagePackSerializer.Serialize(output, MessagePackSerializer.Deserialize<T>(encoded));
}
