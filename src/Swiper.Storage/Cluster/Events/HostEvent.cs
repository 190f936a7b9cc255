using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Storage.Cluster.Events;

/// <summary>The kind of an event. The numbers are stored in the shards and sent between hosts: they never change.</summary>
internal enum HostEventKind : byte
{
    /// <summary>A push was written for a user; the subject is its seq.</summary>
    Pushed = 1,

    /// <summary>A token was revoked; the subject is its id.</summary>
    Revoked = 2,

    /// <summary>A profile was created or changed.</summary>
    ProfileChanged = 3,
}

/// <summary>Something that happened on one host and is announced to the others.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Uid">The user it concerns.</param>
/// <param name="Subject">The seq of a push, the id of a token.</param>
internal readonly record struct HostEvent(HostEventKind Kind, long Uid, long Subject)
{
    /// <summary>
    /// kind: u8 | node: u16 | uid: i64 | subject: i64, and for a push also op: u16 | about whom: i64 | at: i64; all little-endian.
    /// </summary>
    private const int Bytes = 19;
    private const int PushBytes = Bytes + 18;

    /// <summary>Encodes it as a message between hosts; a push carries its content, so that nobody has to read it back.</summary>
    public byte[] Pack(int node, in StoredPush push = default)
    {
        var bytes = new byte[Kind == HostEventKind.Pushed ? PushBytes : Bytes];
        bytes[0] = (byte)Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1), (ushort)node);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(3), Uid);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(11), Subject);
        if (Kind != HostEventKind.Pushed)
            return bytes;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(19), (ushort)push.Opcode);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(21), push.Uid);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(29), push.At);
        return bytes;
    }

    /// <summary>False if the bytes are not a message of this version.</summary>
    public static bool TryUnpack(ReadOnlySpan<byte> bytes, out int node, out HostEvent read, [NotNullWhen(true)] out StoredPush? push)
    {
        (node, read, push) = (0, default, null);
        if (bytes.Length < Bytes)
            return false;
        node = BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]);
        read = new HostEvent(
            (HostEventKind)bytes[0], BinaryPrimitives.ReadInt64LittleEndian(bytes[3..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[11..]));
        push = default(StoredPush);
        if (read.Kind != HostEventKind.Pushed)
            return read.Kind is HostEventKind.Revoked or HostEventKind.ProfileChanged;
        if (bytes.Length < PushBytes)
            return false;
        push = new StoredPush(
            read.Subject, (Opcode)BinaryPrimitives.ReadUInt16LittleEndian(bytes[19..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[21..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[29..]));
        return true;
    }
}
