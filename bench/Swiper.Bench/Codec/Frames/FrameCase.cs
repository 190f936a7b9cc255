using System.Text.Json.Serialization.Metadata;
using Google.Protobuf;

namespace Swiper.Bench.Codec.Frames;

/// <summary>One hot message in every format.</summary>
public sealed class FrameCase
{
    private readonly string _name;

    private FrameCase(string name, FrameCodec swiper, FrameCodec json, FrameCodec protobuf)
    {
        _name = name;
        Swiper = swiper;
        Json = json;
        Protobuf = protobuf;
    }

    public FrameCodec Swiper { get; }

    public FrameCodec Json { get; }

    public FrameCodec Protobuf { get; }

    public required FrameCodec MessagePackCSharp { get; init; }

    /// <param name="name">Stands in the table.</param>
    /// <param name="swiper">The message on Swiper's wire.</param>
    /// <param name="plain">The same as a plain object.</param>
    /// <param name="json">How that is written as JSON.</param>
    /// <param name="protobuf">The same for Protobuf.</param>
    internal static FrameCase Of<TPlain, TProtobuf>(string name, FrameCodec swiper, TPlain plain, JsonTypeInfo<TPlain> json,
        TProtobuf protobuf)
        where TProtobuf : class, IMessage<TProtobuf>, new() =>
            new(name, swiper, new JsonFrame<TPlain>(json, plain), new ProtobufFrame<TProtobuf>(protobuf))
            {
                MessagePackCSharp = new MessagePackCSharpFrame<TPlain>(plain),
            };

    public void Verify()
    {
        Swiper.Verify();
        Json.Verify();
        Protobuf.Verify();
        MessagePackCSharp.Verify();
    }

    public override string ToString() => _name;
}
