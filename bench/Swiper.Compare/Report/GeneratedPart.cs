using System.Globalization;
using System.Text.RegularExpressions;
using Swiper.Local;

namespace Swiper.Compare.Report;

/// <summary>Parses what <see cref="RunReport.ToMarkdown"/> wrote into docs/performance.md.</summary>
internal sealed partial class GeneratedPart
{
    private readonly Dictionary<(string Row, string Column), string> _cells = [];

    /// <summary>Null if no run has written it yet.</summary>
    /// <exception cref="InvalidDataException">The document has no such part.</exception>
    public static GeneratedPart? Read(string name, string document)
    {
        var text = new MarkedPart(name).TextIn(document);
        var head = Head().Match(text);
        if (!head.Success)
            return null;
        var part = new GeneratedPart
        {
            Command = head.Groups["command"].Value, Commit = head.Groups["commit"].Value, Cores = head.Groups["cores"].Value,
        };
        string[] columns = [];
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith("| ", StringComparison.Ordinal))
                columns = [];
            else if (columns.Length == 0)
                columns = Cells(line);
            else
                part.Add(columns, Cells(line));
        }
        return part;
    }

    public required string Command { get; init; }

    public required string Commit { get; init; }

    public required string Cores { get; init; }

    /// <summary>The names of all rows.</summary>
    public IEnumerable<string> Rows => _cells.Keys.Select(cell => cell.Row).Distinct();

    /// <summary>The text of a cell; empty if there is none.</summary>
    public string Cell(string row, string column) => _cells.GetValueOrDefault((row, column), "");

    /// <summary>A figure; null if there is none.</summary>
    public double? Figure(string row, string column) =>
        double.TryParse(Cell(row, column), NumberStyles.Number, CultureInfo.InvariantCulture, out var figure) ? figure : null;

    // A row may occur in several tables with different columns.
    private void Add(string[] columns, string[] cells)
    {
        foreach (var (column, cell) in columns.Skip(1).Zip(cells.Skip(1)))
            _cells[(cells[0], column)] = cell;
    }

    private static string[] Cells(string line) => [.. line.Trim('|', ' ').Split(" | ").Select(cell => cell.Trim())];

    [GeneratedRegex(@"^```\n(?<command>[^\n]+)\n```\n\nCommit (?<commit>[^;]+);.*?, (?<cores>\d+) cores")]
    private static partial Regex Head();
}
