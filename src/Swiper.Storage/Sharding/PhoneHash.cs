namespace Swiper.Storage.Sharding;

/// <summary>
/// 64-bit FNV-1a with its halves folded together. It determines where rows are stored, so it must never change;
/// <see cref="string.GetHashCode()"/> differs between processes.
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

    // The low bits alone depend only on the low bits of each character.
    private static long Fold(ulong hash) => (long)(hash ^ (hash >> 32));
}
