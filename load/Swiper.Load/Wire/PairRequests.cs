using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Load.Wire;

/// <summary>
/// One request a pair of <see cref="SwipePairs"/>: connection i is <paramref name="users"/>[i]. The ids count up from
/// <see cref="RequestFrame.FirstId"/>.
/// </summary>
/// <param name="opcode">The request; its args are the other user, and the kind if there are kinds.</param>
/// <param name="users">Who asks.</param>
/// <param name="people">Whom the requests are about.</param>
/// <param name="kinds">The kinds of swipes, by turns; null for a request without one.</param>
internal sealed class PairRequests(
    Opcode opcode, IReadOnlyList<long> users, IReadOnlyList<long> people, IReadOnlyList<SwipeKind>? kinds = null) : IRequestSource
{
    private readonly byte[] _frames = new byte[256 * RequestFrame.LargestSize];
    private readonly SwipePairs _pairs = new(users, people);

    public ReadOnlySpan<byte> Next(int connection, int count)
    {
        var written = 0;
        for (var i = 0; i < count; i++)
            written += Write(connection, _frames.AsSpan(written));
        return _frames.AsSpan(0, written);
    }

    private int Write(int connection, Span<byte> frame)
    {
        if (!_pairs.TryNext(connection, out var other, out var done))
            throw new InvalidOperationException($"a robot has met all {people.Count} people; use more --robots or shorter readings");
        var writer = RequestFrame.Begin(frame, opcode, RequestFrame.FirstId + (uint)done);
        writer.WriteArrayHeader(kinds is null ? 1 : 2);
        writer.WriteInt64(other);
        if (kinds is not null)
            writer.WriteInt64((long)SwipePairs.KindOf(done, kinds));
        return RequestFrame.End(frame, ref writer);
    }
}
