namespace Swiper.Tests.Shared;

/// <summary>
/// Random numbers for each of those who work at once, which a seed repeats in any process; those of hash codes are new in each.
/// </summary>
internal static class SeededRandom
{
    /// <param name="seed">The seed of all of them.</param>
    /// <param name="numbers">Which of them it is.</param>
    public static Random Of(int seed, params ReadOnlySpan<int> numbers) => new(Mix(seed, numbers));

    /// <summary>Any number, which these always lead to: SplitMix64, once for each.</summary>
    public static int Mix(int seed, params ReadOnlySpan<int> numbers)
    {
        var mixed = Mix((ulong)seed);
        foreach (var number in numbers)
            mixed = Mix(mixed ^ (uint)number);
        return (int)mixed;
    }

    private static ulong Mix(ulong mixed)
    {
        mixed += 0x9e37_79b9_7f4a_7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58_476d_1ce4_e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d0_49bb_1331_11eb;
        return mixed ^ (mixed >> 31);
    }
}
