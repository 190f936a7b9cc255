using Swiper.Core.Protocol;

namespace Swiper.Load.Wire;

/// <summary>Blocks of the pairs that <see cref="SwipeRequests"/> swipes: the least that a record can write.</summary>
internal sealed class BlockRequests(IReadOnlyList<long> blockers, IReadOnlyList<long> people) : IRequestSource
{
    private readonly byte[] _frames = new byte[256 * RequestFrame.LargestSize];
    private readonly SwipePairs _pairs = new(blockers, people);

    public ReadOnlySpan<byte> Next(int connection, int count)
    {
        var written = 0;
        for (var i = 0; i < count; i++)
            written += Write(connection, _frames.AsSpan(written));
        return _frames.AsSpan(0, written);
    }

    private int Write(int connection, Span<byte> frame)
    {
        if (!_pairs.TryNext(connection, out var uid, out var done))
            throw new InvalidOperationException($"a robot has blocked all {people.Count} people; use more --robots or shorter readings");
        var writer = RequestFrame.Begin(frame, Opcode.Block, RequestFrame.FirstId + (uint)done);
        writer.WriteArrayHeader(1);
        writer.WriteInt64(uid);
        return RequestFrame.End(frame, ref writer);
    }
}
