using System.Buffers.Binary;
using Microsoft.AspNetCore.DataProtection;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Host.Accounts;

/// <summary>
/// Cursors under the keys of tokens: whose list it is, the place in it, and when the cursor was issued, so that none leads into another
/// list and none can be made up.
/// </summary>
internal sealed class SealedCursors(IDataProtectionProvider protection, TimeProvider clock) : IPageCursors
{
    private const int PlainLength = 1 + (5 * sizeof(long));

    private readonly SealedText _seal = new(protection, "Swiper.Cursor.v1");

    public string Issue(PagedList list, PageCursor place)
    {
        var plain = new byte[PlainLength];
        plain[0] = (byte)list.Kind;
        Write(plain, 0, list.Owner);
        Write(plain, 1, list.Subject);
        Write(plain, 2, place.At);
        Write(plain, 3, place.Uid);
        Write(plain, 4, clock.NowMs());
        return _seal.Seal(plain);
    }

    public bool TryRead(PagedList list, string? cursor, out PageCursor? place)
    {
        place = null;
        if (cursor is null)
            return true;
        if (_seal.TryOpen(cursor) is not { Length: PlainLength } plain)
            return false;
        if (new PagedList((PagedListKind)plain[0], Read(plain, 0), Read(plain, 1)) != list)
            return false;
        if (clock.NowMs() - Read(plain, 4) > (long)IPageCursors.Lifetime.TotalMilliseconds)
            return false;
        place = new PageCursor(Read(plain, 2), Read(plain, 3));
        return true;
    }

    private static void Write(byte[] plain, int index, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(plain.AsSpan(1 + (index * sizeof(long))), value);

    private static long Read(byte[] plain, int index) =>
        BinaryPrimitives.ReadInt64LittleEndian(plain.AsSpan(1 + (index * sizeof(long))));
}
