namespace Swiper.Core.Tests.Fuzz;

/// <summary>SplitMix64: a generator that starts anew for each case at no cost, so that a case is known by seed and number.</summary>
internal sealed class FuzzRandom
{
    private ulong _state;

    public void StartCase(long seed, long number) => _state = (ulong)seed * 0x9e37_79b9_7f4a_7c15 + (ulong)number * 0xd1b5_4a32_d192_ed03;

    /// <summary>0 up to but not including <paramref name="end"/>, which is positive.</summary>
    public int Next(int end) => (int)(Next64() % (uint)end);

    public byte NextByte() => (byte)Next64();

    public ulong Next64()
    {
        var mixed = _state += 0x9e37_79b9_7f4a_7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58_476d_1ce4_e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d0_49bb_1331_11eb;
        return mixed ^ (mixed >> 31);
    }
}
