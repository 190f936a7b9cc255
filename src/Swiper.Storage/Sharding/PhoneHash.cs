namespace Swiper.Storage.Sharding;

/// <summary>
/// FNV-1a, 64 bits, its halves folded together. Rows are stored where it says, so it never changes;
/// <see cref="string.GetHashCode()"/> would differ from one start to the next.
/// </summary>
internal static class PhoneHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static long Of(ReadOnlySpan<byte> ascii)
    {
        var hash = Offset;
        foreach (var letter in ascii)
            hash = (hash ^ letter) * Prime;
        return Fold(hash);
    }

    public static long Of(ReadOnlySpan<char> ascii)
    {
        var hash = Offset;
        foreach (var letter in ascii)
            hash = (hash ^ (byte)letter) * Prime;
        return Fold(hash);
    }

    // The low bits alone see only the low bits of each letter.
    private static long Fold(ulong hash) => (long)(hash ^ (hash >> 32));
}
