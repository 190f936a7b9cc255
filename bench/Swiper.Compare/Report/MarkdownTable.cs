using System.Text;

namespace Swiper.Compare.Report;

/// <summary>A <see cref="FigureTable"/> for a document.</summary>
internal static class MarkdownTable
{
    /// <summary>Nothing where there are no rows; else lines, each with its end.</summary>
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
