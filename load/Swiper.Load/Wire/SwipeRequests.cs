using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Load.Wire;

/// <summary>
/// Swipes of <see cref="SwipePairs"/>: connection i is <paramref name="swipers"/>[i]. Their ids count up from
/// <see cref="RequestFrame.FirstId"/>.
/// </summary>
internal sealed class SwipeRequests(IReadOnlyList<long> swipers, IReadOnlyList<long> people, IReadOnlyList<SwipeKind> kinds)
    : IRequestSource
{
    private readonly byte[] _frames = new byte[256 * RequestFrame.LargestSize];
    private readonly SwipePairs _pairs = new(swipers, people);

    public ReadOnlySpan<byte> Next(int connection, int count)
    {
        var written = 0;
        for (var i = 0; i < count; i++)
            written += Write(connection, _frames.AsSpan(written));
        return _frames.AsSpan(0, written);
    }

    private int Write(int connection, Span<byte> frame)
    {
        if (!_pairs.TryNext(connection, out var sid, out var done))
            throw new InvalidOperationException($"a robot has swiped all {people.Count} people; use more --robots or shorter readings");
        var writer = RequestFrame.Begin(frame, Opcode.Swipe, RequestFrame.FirstId + (uint)done);
        writer.WriteArrayHeader(2);
        writer.WriteInt64(sid);
        writer.WriteInt64((long)SwipePairs.KindOf(done, kinds));
        return RequestFrame.End(frame, ref writer);
    }
}
