using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Swiper.Bench.Hosting;

namespace Swiper.Bench.Codec.Frames;

/// <summary>A message as System.Text.Json writes and reads it fastest: generated code, UTF-8, one writer used again.</summary>
#pragma warning disable CA1001 // The writer writes to memory alone: there is nothing that must be given back.
internal sealed class JsonFrame<T>(JsonTypeInfo<T> type, T message) : FrameCodec
#pragma warning restore CA1001
{
    private readonly Utf8JsonWriter _writer = new(Stream.Null);
    private T? _read;

    internal override void Write(FixedBuffer output) => Write(message, output);

    internal override bool Read(byte[] encoded)
    {
        _read = JsonSerializer.Deserialize(encoded, type);
        return _read is not null;
    }

    internal override void WriteCopy(byte[] encoded, FixedBuffer output) => Write(JsonSerializer.Deserialize(encoded, type)!, output);

    private void Write(T value, FixedBuffer output)
    {
        _writer.Reset(output);
        JsonSerializer.Serialize(_writer, value, type);
        _writer.Flush();
    }
}
