using System.Text;

namespace Swiper.Compare.Report;

/// <summary>A <see cref="FigureTable"/> for a document.</summary>
internal static class MarkdownTable
{
    /// <summary>Lines, each with its line break; empty without rows.</summary>
    public static string Of(FigureTable table)
    {
        if (table.Rows.Count == 0)
            return "";
        var text = new StringBuilder();
        Append(text, table.Columns);
        Append(text, table.Columns.Select((_, index) => table.IsFigure(index) ? "--:" : "---"));
        foreach (var row in table.Rows)
            Append(text, row);
        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
