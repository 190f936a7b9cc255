using Swiper.Core.Social;
using Swiper.Load.Wire;

namespace Swiper.Compare.Protocols;

/// <summary>
/// New swipes of people numbered from 1. The rivals do not authenticate users, so when the swiper of a connection has met everyone, the
/// next one takes over.
/// </summary>
internal sealed class TownSwipes : IRequestSource
{
    private const int Most = 64;

    private readonly SwipeTemplate _template;
    private readonly IReadOnlyList<SwipeKind> _kinds;
    private readonly byte[] _requests;
    private readonly long[] _people;
    private readonly SwipePairs _pairs;
    private readonly int[] _swiperOf;
    private int _taken;

    public TownSwipes(SwipeTemplate template, int people, int connections, IReadOnlyList<SwipeKind> kinds)
    {
        (_template, _kinds, _taken) = (template, kinds, connections);
        _requests = new byte[Most * template.Size];
        _people = [.. Enumerable.Range(1, people).Select(uid => (long)uid)];
        _pairs = new SwipePairs(_people, _people);
        _swiperOf = [.. Enumerable.Range(0, connections)];
    }

    public ReadOnlySpan<byte> Next(int connection, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (uid, sid, done) = NextPair(connection);
            _template.Write(_requests.AsSpan(i * _template.Size), uid, sid, (int)SwipePairs.KindOf(done, _kinds));
        }
        return _requests.AsSpan(0, count * _template.Size);
    }

    private (long Uid, long Sid, int Done) NextPair(int connection)
    {
        ref var swiper = ref _swiperOf[connection];
        while (true)
        {
            if (_pairs.TryNext(swiper, out var sid, out var done))
                return (_people[swiper], sid, done);
            if (_taken == _people.Length)
                throw new InvalidOperationException(
                    $"all {_people.Length} people have swiped everyone; use fewer or shorter rounds");
            swiper = _taken++;
        }
    }
}
