using System.Numerics;
using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>What a script reports about groups it could not use, as sets of groups.</summary>
/// <param name="Untrusted">Not built on this process, and not being rebuilt.</param>
/// <param name="Elsewhere">On another server: they were skipped.</param>
/// <param name="Failed">The script failed on them; they are untrusted now.</param>
/// <param name="Mending">Being rebuilt.</param>
internal readonly record struct GroupReport(ulong Untrusted, ulong Elsewhere, ulong Failed, ulong Mending)
{
    /// <summary>Decodes a script's answer: the group, plus 64, 128 or 192 for the latter three.</summary>
    public static GroupReport Read(RedisResult answer)
    {
        var numbers = (int[]?)answer;
        if (numbers is null || numbers.Length == 0)
            return default;
        Span<ulong> sets = stackalloc ulong[4];
        foreach (var number in numbers)
            sets[number / UserGroups.Count] |= 1UL << (number % UserGroups.Count);
        return new(sets[0], sets[1], sets[2], sets[3]);
    }

    /// <summary>The first group of a set.</summary>
    public static int First(ulong groups) => BitOperations.TrailingZeroCount(groups);
}
