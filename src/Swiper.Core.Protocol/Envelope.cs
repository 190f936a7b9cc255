namespace Swiper.Core.Protocol;

/// <summary>
/// The three shapes of a frame:
/// <code>
///  request  [0, id, op, args]      id: u32, chosen by the client    op: u16    args: array
///  reply    [1, id, code, data]    code 0: success                  data: array or nil
///  push     [2, op, seq, data]     seq: i64, counts up per user     data: array
/// </code>
/// </summary>
public static class Envelope
{
    public const int RequestType = 0;
    public const int ReplyType = 1;
    public const int PushType = 2;

    /// <summary>Stands for an opcode above the largest possible one.</summary>
    public const int NoOpcode = -1;

    /// <summary>
    /// Reads a request and verifies that the frame is exactly one complete MessagePack array, so that readers of
    /// <paramref name="args"/> meet wrong types but never broken bytes. An opcode above the greatest is <see cref="NoOpcode"/>: the frame
    /// is valid, and a reply can say that the opcode is unknown.
    /// </summary>
    public static bool TryReadRequest(ReadOnlySpan<byte> frame, out uint id, out int opcode, out ReadOnlySpan<byte> args) =>
        ReadRequest(frame, out id, out opcode, out args) == FrameFault.None;

    /// <summary>The same, and reports the first broken rule if the frame is not a request.</summary>
    public static FrameFault ReadRequest(ReadOnlySpan<byte> frame, out uint id, out int opcode, out ReadOnlySpan<byte> args)
    {
        id = 0;
        opcode = 0;
        args = default;
        var reader = new MessagePackReader(frame);
        if (!reader.TryReadArrayHeader(out var count))
            return FrameFault.NotAnArray;
        if (count != 4)
            return FrameFault.WrongCount;
        if (!reader.TryReadInt64(out var type) || type != RequestType)
            return FrameFault.NotARequest;
        if (!reader.TryReadInt64(out var longId) || longId is < 0 or > uint.MaxValue)
            return FrameFault.BadId;
        if (!TryReadOpcode(ref reader, out opcode))
            return FrameFault.BadOpcode;
        if (reader.NextKind != MessagePackKind.Array)
            return FrameFault.ArgsNotAnArray;
        if (!reader.TryReadRaw(out args))
            return FrameFault.BrokenArgs;
        if (reader.Remaining > 0)
            return FrameFault.TrailingBytes;

        id = (uint)longId;
        return FrameFault.None;
    }

    /// <summary>
    /// Reads a reply, for clients. As with a request, the frame is verified to be one complete array: readers of
    /// <paramref name="data"/>, an array or nil, meet wrong types but never broken bytes.
    /// </summary>
    public static bool TryReadReply(ReadOnlySpan<byte> frame, out uint id, out StatusCode code, out ReadOnlySpan<byte> data)
    {
        id = 0;
        code = default;
        data = default;
        var reader = new MessagePackReader(frame);
        if (!reader.TryReadArrayHeader(out var count) || count != 4
            || !reader.TryReadInt64(out var type) || type != ReplyType
            || !reader.TryReadInt64(out var longId) || longId is < 0 or > uint.MaxValue
            || !reader.TryReadInt64(out var longCode) || longCode is < 0 or > ushort.MaxValue
            || reader.NextKind is not (MessagePackKind.Array or MessagePackKind.Nil)
            || !reader.TryReadRaw(out data)
            || reader.Remaining > 0)
            return false;

        id = (uint)longId;
        code = (StatusCode)longCode;
        return true;
    }

    /// <summary>Reads a push, for clients, with the same promise as <see cref="TryReadReply"/>.</summary>
    public static bool TryReadPush(ReadOnlySpan<byte> frame, out Opcode opcode, out long seq, out ReadOnlySpan<byte> data)
    {
        opcode = default;
        seq = 0;
        data = default;
        var reader = new MessagePackReader(frame);
        if (!reader.TryReadArrayHeader(out var count) || count != 4
            || !reader.TryReadInt64(out var type) || type != PushType
            || !reader.TryReadInt64(out var longOpcode) || longOpcode is < 0 or > ushort.MaxValue
            || !reader.TryReadInt64(out seq) || seq < 0
            || reader.NextKind is not (MessagePackKind.Array or MessagePackKind.Nil)
            || !reader.TryReadRaw(out data)
            || reader.Remaining > 0)
            return false;

        opcode = (Opcode)longOpcode;
        return true;
    }

    /// <summary>Begins a request; the writer expects the args array next.</summary>
    public static void WriteRequest(ref MessagePackWriter frame, uint id, Opcode opcode)
    {
        frame.WriteArrayHeader(4);
        frame.WriteInt64(RequestType);
        frame.WriteInt64(id);
        frame.WriteInt64((ushort)opcode);
    }

    /// <summary>Begins a reply; the writer expects the data next.</summary>
    public static void WriteReply(ref MessagePackWriter frame, uint id, StatusCode code)
    {
        frame.WriteArrayHeader(4);
        frame.WriteInt64(ReplyType);
        frame.WriteInt64(id);
        frame.WriteInt64((ushort)code);
    }

    /// <summary>Begins a push; the writer expects the data next.</summary>
    public static void WritePush(ref MessagePackWriter frame, Opcode opcode, long seq)
    {
        frame.WriteArrayHeader(4);
        frame.WriteInt64(PushType);
        frame.WriteInt64((ushort)opcode);
        frame.WriteInt64(seq);
    }

    /// <summary>
    /// A complete failure reply: `[message]`, `[retry_after_ms]` if the client is throttled, or `[message, retry_after_ms]` if codes are
    /// requested too often.
    /// </summary>
    public static void WriteFailure(ref FrameWriter output, uint id, in Failure failure)
    {
        var frame = output.Begin();
        WriteReply(ref frame, id, failure.Code);
        switch (failure.Code)
        {
            case StatusCode.Throttled:
                frame.WriteArrayHeader(1);
                frame.WriteInt64(failure.RetryAfterMs);
                break;
            case StatusCode.CodeTooOften:
                frame.WriteArrayHeader(2);
                frame.WriteString(failure.Message);
                frame.WriteInt64(failure.RetryAfterMs);
                break;
            default:
                frame.WriteArrayHeader(1);
                frame.WriteString(failure.Message);
                break;
        }
        output.End(ref frame);
    }

    private static bool TryReadOpcode(ref MessagePackReader reader, out int opcode)
    {
        opcode = NoOpcode;
        // An integer that can't be read as one is above the largest i64.
        if (!reader.TryReadInt64(out var number))
            return reader.NextKind == MessagePackKind.Integer && reader.TrySkip();
        if (number is >= 0 and <= ushort.MaxValue)
            opcode = (int)number;
        return number >= 0;
    }
}
