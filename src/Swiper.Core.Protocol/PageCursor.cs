using System.Globalization;

namespace Swiper.Core.Protocol;

/// <summary>
/// A place in a list of people that is ordered by time, newest first, and of the same instant by uid, the greater first: right behind an
/// entry. It names that entry rather than counts those before it, so that entries that come or go in between do not shift later pages.
/// </summary>
/// <param name="At">The time of the entry.</param>
/// <param name="Uid">The person.</param>
public readonly record struct PageCursor(long At, long Uid)
{
    /// <summary>The longest text, in bytes.</summary>
    public const int MaxLength = 39;

    private const char Separator = '.';

    /// <summary>Before everybody.</summary>
    public static readonly PageCursor Start = new(long.MaxValue, long.MaxValue);

    /// <summary>As clients keep it, without knowing what it means.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}{Separator}{Uid}");

    /// <summary>The place that the text names; null for null. The text has been checked by <see cref="Read"/>.</summary>
    public static PageCursor? Of(string? text) => text is not null && TryParse(text, out var cursor) ? cursor : null;

    /// <summary>Reads the optional field `cursor`, as text.</summary>
    public static string? Read(scoped ref FieldReader fields)
    {
        var text = fields.OptionalString("cursor", MaxLength);
        if (text is not null && !TryParse(text, out _))
            fields.Fail("cursor", "expected next_cursor of the previous page");
        return text;
    }

    public static bool TryParse(string text, out PageCursor cursor)
    {
        cursor = default;
        var separator = text.IndexOf(Separator);
        if (separator < 0
            || !long.TryParse(text.AsSpan(0, separator), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || !long.TryParse(text.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var uid))
            return false;
        cursor = new PageCursor(at, uid);
        return true;
    }
}
