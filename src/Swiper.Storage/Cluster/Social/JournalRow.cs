using System.Buffers.Binary;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// The swipes of a batch as the bytes of a `journal` row, each encoded as
/// <code>
/// uid: i64 | sid: i64 | at: i64 | code: u8, 128 added where settled        (little-endian)
/// </code>
/// A swipe is settled once its friendships and pushes are durable, even if the index has yet to apply it.
/// </summary>
internal static class JournalRow
{
    private const int SwipeBytes = 25;
    private const byte Settled = 0x80;

    /// <param name="swipes">All swipes of the batch.</param>
    /// <param name="settled">One per swipe, or empty if none is settled.</param>
    public static byte[] Pack(ReadOnlySpan<IndexedSwipe> swipes, ReadOnlySpan<bool> settled)
    {
        var bytes = new byte[SizeOf(swipes.Length)];
        Write(bytes, swipes, settled);
        return bytes;
    }

    /// <summary>How many bytes that many swipes take.</summary>
    public static int SizeOf(int swipes) => swipes * SwipeBytes;

    /// <inheritdoc cref="Pack"/>
    public static void Write(Span<byte> bytes, ReadOnlySpan<IndexedSwipe> swipes, ReadOnlySpan<bool> settled)
    {
        for (var i = 0; i < swipes.Length; i++)
        {
            var swipe = swipes[i];
            var to = bytes.Slice(i * SwipeBytes, SwipeBytes);
            BinaryPrimitives.WriteInt64LittleEndian(to, swipe.Uid);
            BinaryPrimitives.WriteInt64LittleEndian(to[8..], swipe.Sid);
            BinaryPrimitives.WriteInt64LittleEndian(to[16..], swipe.At);
            to[24] = (byte)(swipe.Code | (!settled.IsEmpty && settled[i] ? Settled : 0));
        }
    }

    /// <summary>The swipes of a row; null if the bytes are not those of a row.</summary>
    public static IndexedSwipe[]? TryUnpack(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Unpack(bytes).Swipes;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <exception cref="InvalidDataException">The bytes are not those of a row.</exception>
    public static (IndexedSwipe[] Swipes, bool[] Settled) Unpack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % SwipeBytes != 0)
            throw new InvalidDataException($"A journal row of {bytes.Length} bytes does not hold a whole number of swipes.");
        var swipes = new IndexedSwipe[bytes.Length / SwipeBytes];
        var settled = new bool[swipes.Length];
        for (var i = 0; i < swipes.Length; i++)
        {
            var from = bytes.Slice(i * SwipeBytes, SwipeBytes);
            var code = from[24] & ~Settled;
            if (code is < 1 or > IndexedSwipe.LastCode)
                throw new InvalidDataException($"A journal row holds a swipe of code {code}.");
            var (kind, change) = IndexedSwipe.Decode(code);
            swipes[i] = new IndexedSwipe(
                BinaryPrimitives.ReadInt64LittleEndian(from), BinaryPrimitives.ReadInt64LittleEndian(from[8..]), kind,
                BinaryPrimitives.ReadInt64LittleEndian(from[16..]), change);
            settled[i] = (from[24] & Settled) != 0;
        }
        return (swipes, settled);
    }
}
