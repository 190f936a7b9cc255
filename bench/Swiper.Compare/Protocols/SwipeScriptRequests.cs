using System.Buffers.Text;
using System.Text;
using Swiper.Load.Wire;

namespace Swiper.Compare.Protocols;

/// <summary>
/// Script calls, each with a batch of new swipes: the script's hash, no keys, then uid and sid of each swipe.
/// </summary>
internal sealed class SwipeScriptRequests : IRequestSource
{
    private const int LongestUid = 20;

    private readonly long[] _people;
    private readonly long[] _swipers;
    private readonly int _swipesPerCall;
    private readonly byte[] _head;
    private readonly byte[] _frame;
    private readonly Random _random = new(1);
    private SwipePairs _pairs;
    private int _next;

    public SwipeScriptRequests(string hash, int swipers, long[] people, int swipesPerCall)
    {
        (_people, _swipesPerCall) = (people, swipesPerCall);
        _swipers = new long[swipers];
        _pairs = WithNewSwipers();
        _head = Encoding.ASCII.GetBytes($"*{3 + 2 * swipesPerCall}\r\n$7\r\nEVALSHA\r\n${hash.Length}\r\n{hash}\r\n$1\r\n0\r\n");
        _frame = new byte[_head.Length + 2 * swipesPerCall * (LongestUid + "$20\r\n\r\n".Length)];
    }

    /// <summary>One frame per call: each caller has one call in flight.</summary>
    public ReadOnlySpan<byte> Next(int connection, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(count, 1);
        _head.CopyTo(_frame, 0);
        var written = _head.Length;
        for (var i = 0; i < _swipesPerCall; i++)
        {
            var (uid, sid) = NextPair();
            Write(uid, ref written);
            Write(sid, ref written);
        }
        return _frame.AsSpan(0, written);
    }

    private void Write(long uid, ref int written)
    {
        Span<byte> digits = stackalloc byte[LongestUid];
        Utf8Formatter.TryFormat(uid, digits, out var length);
        _frame[written++] = (byte)'$';
        Utf8Formatter.TryFormat(length, _frame.AsSpan(written), out var size);
        written += size;
        "\r\n"u8.CopyTo(_frame.AsSpan(written));
        digits[..length].CopyTo(_frame.AsSpan(written + 2));
        "\r\n"u8.CopyTo(_frame.AsSpan(written + 2 + length));
        written += 4 + length;
    }

    private (long Uid, long Sid) NextPair()
    {
        while (true)
        {
            _next = (_next + 1) % _swipers.Length;
            if (_pairs.TryNext(_next, out var sid, out _))
                return (_swipers[_next], sid);
            _pairs = WithNewSwipers();
        }
    }

    private SwipePairs WithNewSwipers()
    {
        for (var i = 0; i < _swipers.Length; i++)
            _swipers[i] = _random.NextInt64();
        return new SwipePairs(_swipers, _people);
    }
}
