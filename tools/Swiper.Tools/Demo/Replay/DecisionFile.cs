using System.Globalization;
using Swiper.Client;

namespace Swiper.Tools.Demo.Replay;

/// <summary>Reads and validates a CSV of decisions; also writes such files.</summary>
internal static class DecisionFile
{
    private static readonly string[] Columns = ["wave", "order", "uid", "gender", "age", "partner_uid", "decision", "match"];

    /// <exception cref="DecisionFileException">The file is invalid; the message says what is wrong in which line.</exception>
    public static IReadOnlyList<Decision> Read(string path)
    {
        try
        {
            using var file = File.OpenText(path);
            return Read(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DecisionFileException($"no file '{path}'");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DecisionFileException($"'{path}' can't be read: {exception.Message}");
        }
    }

    /// <inheritdoc cref="Read(string)"/>
    public static IReadOnlyList<Decision> Read(TextReader file)
    {
        ReadHeader(file.ReadLine());
        var decisions = new List<Decision>();
        for (var line = 2; file.ReadLine() is { } text; line++)
        {
            if (text.Length > 0)
                decisions.Add(ReadRow(text, line));
        }
        if (decisions.Count == 0)
            throw new DecisionFileException("no decisions after the header");
        CheckTogether(decisions);
        return decisions;
    }

    /// <summary>Writes the format that <see cref="Read(TextReader)"/> reads.</summary>
    public static void Write(IEnumerable<DecisionRow> rows, TextWriter file)
    {
        file.WriteLine(string.Join(',', Columns));
        foreach (var (wave, order, decision) in rows)
        {
            file.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{wave},{order},{decision.Uid},{(decision.Sex == Sex.Female ? 'F' : 'M')},{decision.Age},"
                + $"{decision.Partner},{Digit(decision.IsYes)},{Digit(decision.IsMatch)}"));
        }

        static char Digit(bool flag) => flag ? '1' : '0';
    }

    private static void ReadHeader(string? header)
    {
        if (header is null || CsvLine.Split(header) is not { } names || !names.SequenceEqual(Columns))
            throw new DecisionFileException($"line 1: expected the header {string.Join(',', Columns)}");
    }

    private static Decision ReadRow(string text, int line)
    {
        if (CsvLine.Split(text) is not { } values)
            throw new DecisionFileException(line, "misplaced or unclosed quote");
        if (values.Count != Columns.Length)
            throw new DecisionFileException(line, $"expected {Columns.Length} values, found {values.Count}");
        var row = new Row(values, line);
        row.Number(0);
        row.Number(1);
        var decision = new Decision(line, row.Number(2), row.Sex(3), row.Age(4), row.Number(5), row.Flag(6), row.Flag(7));
        return decision.Uid != decision.Partner
            ? decision
            : throw new DecisionFileException(line, $"{decision.Uid} can't decide about themselves");
    }

    private static void CheckTogether(List<Decision> decisions)
    {
        var people = new Dictionary<int, Decision>();
        var meetings = new HashSet<(int, int)>();
        foreach (var decision in decisions)
        {
            if (people.TryAdd(decision.Uid, decision) is false && people[decision.Uid].Sex != decision.Sex)
                throw new DecisionFileException(
                    decision.Line, $"gender: {decision.Uid} has a different one in line {people[decision.Uid].Line}");
            if (!meetings.Add((decision.Uid, decision.Partner)))
                throw new DecisionFileException(decision.Line, $"{decision.Uid} has already decided about {decision.Partner}");
        }
        if (decisions.Find(decision => !people.ContainsKey(decision.Partner)) is { } alone)
            throw new DecisionFileException(alone.Line, $"partner_uid: {alone.Partner} has no row of their own");
    }

    private readonly struct Row(IReadOnlyList<string> values, int line)
    {
        public int Number(int column) =>
            int.TryParse(values[column], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong(column, "a number");

        public Sex Sex(int column) => values[column] switch
        {
            "F" => Client.Sex.Female,
            "M" => Client.Sex.Male,
            _ => throw Wrong(column, "F or M"),
        };

        public int? Age(int column) => values[column].Length == 0
            ? null
            : int.TryParse(values[column], NumberStyles.None, CultureInfo.InvariantCulture, out var age) && age is >= 18 and <= 120
                ? age
                : throw Wrong(column, "18 to 120 or empty");

        public bool Flag(int column) => values[column] switch
        {
            "1" => true,
            "0" => false,
            _ => throw Wrong(column, "1 or 0"),
        };

        private DecisionFileException Wrong(int column, string expected) =>
            new(line, $"{Columns[column]}: expected {expected}, found '{values[column]}'");
    }
}

/// <summary>The file can't be replayed; the message is a single line.</summary>
internal sealed class DecisionFileException(string message) : Exception(message)
{
    public DecisionFileException(int line, string problem)
        : this($"line {line}: {problem}")
    {
    }
}
