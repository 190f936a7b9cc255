using Swiper.Bench.Hosting;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Codec.Frames;

/// <summary>A frame of Swiper's wire: length, envelope and payload.</summary>
internal abstract class SwiperFrame(int type, Opcode opcode) : FrameCodec
{
    private const uint Id = 4711;
    private const long Seq = 42;

    internal override void Write(FixedBuffer output)
    {
        var frames = new FrameWriter(output);
        var frame = frames.Begin();
        WriteEnvelope(ref frame);
        WritePayload(ref frame);
        frames.End(ref frame);
        frames.Flush();
    }

    internal override bool Read(byte[] encoded)
    {
        if (!TryReadEnvelope(encoded, out var payload))
            return false;
        var fields = new FieldReader(payload);
        ReadPayload(ref fields);
        return fields.Problem is null;
    }

    internal override void WriteCopy(byte[] encoded, FixedBuffer output)
    {
        Verification.Require(TryReadEnvelope(encoded, out var payload), "the envelope can be read");
        var fields = new FieldReader(payload);
        var frames = new FrameWriter(output);
        var frame = frames.Begin();
        WriteEnvelope(ref frame);
        CopyPayload(ref fields, ref frame);
        frames.End(ref frame);
        frames.Flush();
    }

    protected abstract void WritePayload(ref MessagePackWriter writer);

    protected abstract void ReadPayload(ref FieldReader fields);

    protected abstract void CopyPayload(ref FieldReader fields, ref MessagePackWriter writer);

    private void WriteEnvelope(ref MessagePackWriter frame)
    {
        switch (type)
        {
            case Envelope.RequestType:
                Envelope.WriteRequest(ref frame, Id, opcode);
                break;
            case Envelope.ReplyType:
                Envelope.WriteReply(ref frame, Id, StatusCode.Ok);
                break;
            default:
                Envelope.WritePush(ref frame, opcode, Seq);
                break;
        }
    }

    private bool TryReadEnvelope(ReadOnlySpan<byte> encoded, out ReadOnlySpan<byte> payload)
    {
        var frame = encoded[FrameReader.LengthPrefix..];
        return type switch
        {
            Envelope.RequestType => Envelope.TryReadRequest(frame, out _, out _, out payload),
            Envelope.ReplyType => Envelope.TryReadReply(frame, out _, out _, out payload),
            _ => Envelope.TryReadPush(frame, out _, out _, out payload),
        };
    }
}

internal sealed class SwiperFrame<TPayload>(int type, Opcode opcode, TPayload payload) : SwiperFrame(type, opcode)
    where TPayload : IPayload<TPayload>
{
    // Stored, so that the read is not optimized away.
    private TPayload? _read;

    protected override void WritePayload(ref MessagePackWriter writer) => payload.Write(ref writer);

    protected override void ReadPayload(ref FieldReader fields) => _read = TPayload.Read(ref fields);

    protected override void CopyPayload(ref FieldReader fields, ref MessagePackWriter writer) =>
        TPayload.Read(ref fields).Write(ref writer);
}
