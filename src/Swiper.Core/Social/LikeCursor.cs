using System.Globalization;

namespace Swiper.Core.Social;

/// <summary>
/// A place in the order of <see cref="ILikeRepository"/>: right behind a like. It names that like rather than counts those before it, so
/// that likes received or answered in between do not shift later pages.
/// </summary>
/// <param name="At">When the like was made.</param>
/// <param name="Uid">Who made it.</param>
public readonly record struct LikeCursor(long At, long Uid)
{
    /// <summary>The longest text, in bytes.</summary>
    public const int MaxLength = 39;

    private const char Separator = '.';

    /// <summary>As clients keep it, without knowing what it means.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}{Separator}{Uid}");

    public static bool TryParse(string text, out LikeCursor cursor)
    {
        cursor = default;
        var separator = text.IndexOf(Separator);
        if (separator < 0
            || !long.TryParse(text.AsSpan(0, separator), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || !long.TryParse(text.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var uid))
            return false;
        cursor = new LikeCursor(at, uid);
        return true;
    }
}
