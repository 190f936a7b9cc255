using System.Text;
using Spectre.Console;

namespace Swiper.Compare.Report;

/// <summary>The report of a run, for a terminal or a document.</summary>
/// <param name="Tables">The tables, that of the rows first.</param>
/// <param name="Notes">Sentences needed to understand the tables.</param>
/// <param name="Troubles">Why rows have no figures.</param>
/// <param name="Others">CPU use of other processes.</param>
internal sealed record RunReport(
    IReadOnlyList<FigureTable> Tables, IReadOnlyList<string> Notes, IReadOnlyList<string> Troubles, Surroundings Surroundings,
    string Others)
{
    public void Print()
    {
        foreach (var table in Tables)
            TerminalTable.Print(table);
        foreach (var sentence in Notes.Concat(Troubles))
            AnsiConsole.WriteLine(sentence);
        foreach (var (name, value) in Surroundings.Lines)
            AnsiConsole.WriteLine($"{name,-9}{value}");
        if (Others.Length > 0)
            AnsiConsole.WriteLine($"{"others",-9}{Others}");
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("```\n").Append(Surroundings.Command).Append("\n```\n\n");
        text.Append(
            $"Commit {Surroundings.Commit}; {Surroundings.Processor}, {Surroundings.Cores} cores, load client on the same machine; ");
        text.Append(
            $"{Surroundings.System}, {Surroundings.Runtime}{(Surroundings.Versions.Length == 0 ? "" : $", {Surroundings.Versions}")}. ");
        text.Append("Medians of the rounds.");
        if (Others.Length > 0)
            text.Append($" Other processes took {Others}.");
        text.Append('\n');
        foreach (var table in Tables.Where(table => table.Rows.Count > 0))
            text.Append('\n').Append(MarkdownTable.Of(table));
        foreach (var sentence in Notes.Concat(Troubles))
            text.Append('\n').Append(sentence).Append('\n');
        return text.ToString();
    }
}

/// <summary>
/// A table of a run, for a terminal or a document. The first <paramref name="Words"/> columns are text, the others figures.
/// </summary>
internal sealed record FigureTable(IReadOnlyList<string> Columns, int Words, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public bool IsFigure(int column) => column >= Words;
}
