using Spectre.Console;

namespace Swiper.Compare.Report;

/// <summary>A <see cref="FigureTable"/> for a terminal.</summary>
internal static class TerminalTable
{
    // Wide enough that cells don't wrap; a pipe or file has no width of its own.
    private const int Width = 200;

    public static void Print(FigureTable figures)
    {
        if (figures.Rows.Count == 0)
            return;
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (index, name) in figures.Columns.Index())
        {
            var column = new TableColumn(new Text(name)).NoWrap();
            table.AddColumn(figures.IsFigure(index) ? column.RightAligned() : column);
        }
        foreach (var row in figures.Rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, Width);
        AnsiConsole.Write(table);
    }
}
