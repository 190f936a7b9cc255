using System.Globalization;
using System.Text;

namespace Swiper.Core.Accounts;

/// <summary>
/// The rules for text that users write for others to read, such as names: it fits one line, does not change the direction of the text
/// around it, and is visible.
/// </summary>
internal static class ShownText
{
    /// <summary>The problem with a text that is not just white space; null if there is none.</summary>
    public static string? ProblemOf(string text)
    {
        var isVisible = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(
                rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                return $"has the control character U+{rune.Value:X4}";
            if (TurnsText(rune))
                return $"has U+{rune.Value:X4}, which changes the direction of text";
            isVisible |= IsVisible(rune);
        }
        return isVisible ? null : "has no visible character";
    }

    // Unicode's property Bidi_Control. Names need no more than the direction of the letters themselves.
    private static bool TurnsText(Rune rune) =>
        rune.Value is 0x061C or 0x200E or 0x200F or >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069;

    // Marks alone are not visible: they need a letter. Unassigned code points may be emoji newer than this program.
    private static bool IsVisible(Rune rune) => !IsBlank(rune) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark);

    // Hangul fillers and the blank Braille pattern count as letters and symbols; the others are unassigned and never drawn.
    private static bool IsBlank(Rune rune) =>
        rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0x2065 or >= 0xFFF0 and <= 0xFFF8 or >= 0xE0000 and <= 0xE0FFF;
}
