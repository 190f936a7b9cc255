using System.Buffers.Text;
using System.Text;

namespace Swiper.Compare.Protocols;

/// <summary>
/// A swipe in JSON, encoded before the measurement except for its three numbers, which are right-aligned in padded fields.
/// </summary>
internal sealed class SwipeTemplate
{
    private const int LongestUid = 5;
    private const int LongestKind = 1;

    private readonly byte[] _bytes;
    private readonly byte _mask;
    private readonly int _uid;
    private readonly int _sid;
    private readonly int _kind;

    /// <param name="write">Makes the request from its three numbers as JSON.</param>
    /// <param name="mask">The mask of each byte of a number; 0 for none.</param>
    public SwipeTemplate(Func<string, string, string, byte[]> write, byte mask = 0)
    {
        const char Uid = '\x1', Sid = '\x2', Kind = '\x3';
        _bytes = write(new string(Uid, LongestUid), new string(Sid, LongestUid), new string(Kind, LongestKind));
        _mask = mask;
        (_uid, _sid, _kind) = (Find(Uid, LongestUid), Find(Sid, LongestUid), Find(Kind, LongestKind));
    }

    public int Size => _bytes.Length;

    public void Write(Span<byte> into, long uid, long sid, int kind)
    {
        _bytes.CopyTo(into);
        Write(into.Slice(_uid, LongestUid), uid);
        Write(into.Slice(_sid, LongestUid), sid);
        Write(into.Slice(_kind, LongestKind), kind);
    }

    private void Write(Span<byte> place, long number)
    {
        Span<byte> digits = stackalloc byte[LongestUid];
        if (!Utf8Formatter.TryFormat(number, digits, out var length) || length > place.Length)
            throw new ArgumentOutOfRangeException(nameof(number), number, $"has more than {place.Length} digits");
        place.Fill((byte)' ');
        digits[..length].CopyTo(place[^length..]);
        foreach (ref var character in place)
            character ^= _mask;
    }

    private int Find(char placeholder, int length)
    {
        var masked = Encoding.ASCII.GetBytes(new string(placeholder, length));
        foreach (ref var character in masked.AsSpan())
            character ^= _mask;
        var at = _bytes.AsSpan().IndexOf(masked);
        return at >= 0 ? at : throw new ArgumentException("the request does not contain one of its numbers", nameof(placeholder));
    }
}
