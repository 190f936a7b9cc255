using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Swiper.Load.Reports.Html;

/// <summary>Writes an element tree as XML that an HTML parser reads as the same tree.</summary>
internal static class HtmlText
{
    private static readonly HashSet<string> Void = ["br", "hr", "img", "input", "link", "meta", "wbr"];

    public static string Of(XElement html)
    {
        foreach (var element in html.DescendantsAndSelf())
        {
            foreach (var attribute in element.Attributes())
                attribute.Value = Clean(attribute.Value);
            foreach (var text in element.Nodes().OfType<XText>())
                text.Value = Clean(text.Value);
            // HTML parsers treat <td/> as an unclosed start tag.
            if (element.IsEmpty && !Void.Contains(element.Name.LocalName))
                element.Value = "";
        }
        return $"<!DOCTYPE html>\n{html.ToString(SaveOptions.DisableFormatting)}\n";
    }

    // Server names and command lines may contain characters that XML forbids, or that reverse the direction of the text around them.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(IsPlain(rune) ? rune.ToString() : "\uFFFD");
        return clean.ToString();
    }

    private static bool IsPlain(Rune rune) => rune.Value switch
    {
        '\n' or '\t' => true,
        _ when Rune.IsControl(rune) => false,
        >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 => false,
        _ => !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value),
    };
}
