using System.Numerics;
using Swiper.Core.Social;

namespace Swiper.Compare.Requests;

/// <summary>
/// Pairs that were never swiped before: each of <paramref name="swipers"/> goes through all of <paramref name="people"/> once, from a
/// place of their own and in an order that jumps about: rows in the order of their keys would be easier on a store than people are.
/// </summary>
internal sealed class SwipePairs(IReadOnlyList<long> swipers, IReadOnlyList<long> people)
{
    private readonly int[] _done = new int[swipers.Count];
    private readonly int _apart = Math.Max(1, people.Count / swipers.Count);
    private readonly int _stride = StrideThrough(people.Count);

    /// <summary>The next one whom a swiper meets, and the how many-th that is for them; false when they have met everybody.</summary>
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
    /// What a swiper thinks of the how many-th. In no regular turn: a store's people alternate between its shards, and likes would all
    /// go to one.
    /// </summary>
    public static SwipeKind KindOf(int done, IReadOnlyList<SwipeKind> kinds) => kinds[BitOperations.PopCount((uint)done) % kinds.Count];

    // Coprime with the count, so that it comes to everybody once; near the golden section, so that neighbours lie far apart.
    private static int StrideThrough(int count)
    {
        var stride = (int)(count * 0.618);
        while (stride > 1 && BigInteger.GreatestCommonDivisor(stride, count) != 1)
            stride--;
        return Math.Max(1, stride);
    }
}
