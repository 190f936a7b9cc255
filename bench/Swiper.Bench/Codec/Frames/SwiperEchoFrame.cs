using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Codec.Frames;

/// <summary>An echo, whose payload is a view of the frame it came in.</summary>
internal sealed class SwiperEchoFrame(int type, byte[] array) : SwiperFrame(type, Opcode.Echo)
{
    protected override void WritePayload(ref MessagePackWriter writer) => new EchoPayload(array).Write(ref writer);

    protected override void ReadPayload(ref FieldReader fields) => EchoPayload.Read(ref fields);

    protected override void CopyPayload(ref FieldReader fields, ref MessagePackWriter writer) =>
        EchoPayload.Read(ref fields).Write(ref writer);
}
