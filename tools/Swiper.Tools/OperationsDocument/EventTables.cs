using System.Text;
using Swiper.Local;

namespace Swiper.Tools.OperationsDocument;

/// <summary>The part of docs/operations.md that lists the log events.</summary>
internal static class EventTables
{
    public const string FileName = "operations.md";

    private static readonly MarkedPart Part = new("events");

    /// <summary>The document with up-to-date tables.</summary>
    public static string Renew(string document) => Part.Replace(document, Generate());

    private static string Generate()
    {
        var sources = LogEvents.Read();
        var text = new StringBuilder();
        foreach (var source in sources)
        {
            text.Append($"\n### {source.Subject} ({source.First} to {source.Last})\n\n");
            text.Append("| id | level | name | message | what to do |\n|---|---|---|---|---|\n");
            foreach (var (id, level, name, message, advice) in source.Events)
                text.Append($"| {id} | {level} | {name} | {Cell(message)} | {Cell(advice ?? "")} |\n");
        }
        return text.Append('\n').ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
