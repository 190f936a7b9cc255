using System.Numerics;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Bench.Requests;

/// <summary>
/// Swipes, each of a pair that was never swiped before: connection i is <paramref name="swipers"/>[i], who goes through all of
/// <paramref name="people"/> once, from a place of their own and in an order that jumps about: rows in the order of their keys would
/// be easier on the store than people are.
/// </summary>
internal sealed class SwipeRequests(IReadOnlyList<long> swipers, IReadOnlyList<long> people, IReadOnlyList<SwipeKind> kinds) : IRequestSource
{
    private readonly byte[] _frames = new byte[256 * RequestFrame.LargestSize];
    private readonly int[] _done = new int[swipers.Count];
    private readonly int _apart = Math.Max(1, people.Count / swipers.Count);
    private readonly int _stride = StrideThrough(people.Count);

    public ReadOnlySpan<byte> Next(int connection, int count)
    {
        var written = 0;
        for (var i = 0; i < count; i++)
            written += Write(connection, _frames.AsSpan(written));
        return _frames.AsSpan(0, written);
    }

    private int Write(int connection, Span<byte> frame)
    {
        var (sid, done) = NextPerson(connection);
        var writer = RequestFrame.Begin(frame, Opcode.Swipe, RequestFrame.FirstId + (uint)done);
        writer.WriteArrayHeader(2);
        writer.WriteInt64(sid);
        writer.WriteInt64((long)kinds[done % kinds.Count]);
        return RequestFrame.End(frame, ref writer);
    }

    private (long Sid, int Done) NextPerson(int connection)
    {
        while (true)
        {
            var done = _done[connection]++;
            if (done >= people.Count)
                throw new InvalidOperationException($"a robot has swiped all {people.Count} people: make more robots or a shorter window");
            var sid = people[(int)((connection * _apart + (long)done * _stride) % people.Count)];
            if (sid != swipers[connection])
                return (sid, done);
        }
    }

    // Coprime with the count, so that it comes to everybody once; near the golden section, so that neighbours lie far apart.
    private static int StrideThrough(int count)
    {
        var stride = (int)(count * 0.618);
        while (stride > 1 && BigInteger.GreatestCommonDivisor(stride, count) != 1)
            stride--;
        return Math.Max(1, stride);
    }
}
