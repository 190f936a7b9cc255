using Google.Protobuf;
using Swiper.Bench.Hosting;

namespace Swiper.Bench.Codec.Frames;

/// <summary>A message of frames.proto, by the code that protoc makes of it.</summary>
internal sealed class ProtobufFrame<T>(T message) : FrameCodec
    where T : class, IMessage<T>, new()
{
    private readonly MessageParser<T> _parser = new(static () => new T());
    private T? _read;

    internal override void Write(FixedBuffer output) => message.WriteTo(output);

    internal override bool Read(byte[] encoded)
    {
        _read = _parser.ParseFrom(encoded);
        return _read is not null;
    }

    internal override void WriteCopy(byte[] encoded, FixedBuffer output) => _parser.ParseFrom(encoded).WriteTo(output);
}
