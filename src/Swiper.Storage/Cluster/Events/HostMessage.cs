using System.Buffers.Binary;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Records;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// An event as a message between hosts:
/// <code>
/// kind: u8 | node: u16 | uid: i64 | subject: i64, and for a push also op: u16 | about what: i64 | at: i64 | its payload, if it has one
/// </code>
/// little-endian.
/// </summary>
internal static class HostMessage
{
    private const int Bytes = 19;
    private const int PushBytes = Bytes + 18;

    public static byte[] Pack(int node, in HostEvent happened)
    {
        var bytes = new byte[Bytes];
        Write(bytes, node, happened);
        return bytes;
    }

    /// <summary>A push carries its content, so that nobody has to read it back.</summary>
    public static byte[] Pack(int node, long uid, in StoredPush push)
    {
        var bytes = new byte[PushBytes + (push.Data?.Length ?? 0)];
        Write(bytes, node, new HostEvent(HostEventKind.Pushed, uid, push.Seq));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(19), (ushort)push.Opcode);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(21), push.Subject);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(29), push.At);
        push.Data?.CopyTo(bytes, PushBytes);
        return bytes;
    }

    /// <summary>False if the bytes are not a message. Only an event of <see cref="HostEventKind.Pushed"/> comes with a push.</summary>
    public static bool TryUnpack(ReadOnlySpan<byte> bytes, out int node, out HostEvent read, out StoredPush push)
    {
        (node, read, push) = (0, default, default);
        if (bytes.Length < Bytes)
            return false;
        node = BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]);
        read = new HostEvent(
            (HostEventKind)bytes[0], BinaryPrimitives.ReadInt64LittleEndian(bytes[3..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[11..]));
        if (read.Kind != HostEventKind.Pushed)
            return true;
        if (bytes.Length < PushBytes)
            return false;
        push = new StoredPush(
            read.Subject, (Opcode)BinaryPrimitives.ReadUInt16LittleEndian(bytes[19..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[21..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[29..]),
            bytes.Length > PushBytes ? bytes[PushBytes..].ToArray() : null);
        return true;
    }

    private static void Write(Span<byte> bytes, int node, in HostEvent happened)
    {
        bytes[0] = (byte)happened.Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[1..], (ushort)node);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[3..], happened.Uid);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[11..], happened.Subject);
    }
}
