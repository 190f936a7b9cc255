using System.Numerics;
using Swiper.Core.Social;

namespace Swiper.Load.Wire;

/// <summary>
/// New pairs: each of <paramref name="swipers"/> goes through all of <paramref name="people"/> once, from a different start and in a
/// scattered order, because rows in key order would be easier on a store than real traffic.
/// </summary>
internal sealed class SwipePairs(IReadOnlyList<long> swipers, IReadOnlyList<long> people)
{
    /// <summary>Half and half.</summary>
    public static readonly IReadOnlyList<SwipeKind> HalfLikes = [SwipeKind.Like, SwipeKind.Dislike];

    private readonly int[] _done = new int[swipers.Count];
    private readonly int _apart = Math.Max(1, people.Count / swipers.Count);
    private readonly int _stride = StrideThrough(people.Count);

    /// <summary>The next person a swiper meets, and the index of that meeting; false when the swiper has met everyone.</summary>
    public bool TryNext(int swiper, out long sid, out int done)
    {
        while ((done = _done[swiper]) < people.Count)
        {
            _done[swiper]++;
            sid = people[(int)((swiper * _apart + (long)done * _stride) % people.Count)];
            if (sid != swipers[swiper])
                return true;
        }
        sid = 0;
        return false;
    }

    /// <summary>
    /// The decision at that index. Irregular, because the people of a store alternate between its shards and all likes would go to one.
    /// </summary>
    public static SwipeKind KindOf(int done, IReadOnlyList<SwipeKind> kinds) => kinds[BitOperations.PopCount((uint)done) % kinds.Count];

    // Coprime with the count, so that it visits everyone once; near the golden ratio, so that consecutive people are far apart.
    private static int StrideThrough(int count)
    {
        var stride = (int)(count * 0.618);
        while (stride > 1 && BigInteger.GreatestCommonDivisor(stride, count) != 1)
            stride--;
        return Math.Max(1, stride);
    }
}
