using System.Text;

namespace Swiper.Tools.Demo.Replay;

/// <summary>One line of a CSV: comma-separated values, optionally quoted; a doubled quote within quotes is a literal one.</summary>
internal static class CsvLine
{
    /// <summary>Null if a quote is misplaced or unclosed.</summary>
    public static IReadOnlyList<string>? Split(string line)
    {
        var values = new List<string>();
        var at = 0;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                if (ReadQuoted(line, ref at) is not { } quoted)
                    return null;
                values.Add(quoted);
            }
            else
            {
                var comma = line.IndexOf(',', at);
                var end = comma < 0 ? line.Length : comma;
                if (line.AsSpan(at, end - at).Contains('"'))
                    return null;
                values.Add(line[at..end]);
                at = end;
            }
            if (at == line.Length)
                return values;
            if (line[at++] != ',')
                return null;
        }
    }

    private static string? ReadQuoted(string line, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
                value.Append(line[at]);
            else if (at + 1 < line.Length && line[at + 1] == '"')
                value.Append(line[at++]);
            else
            {
                at++;
                return value.ToString();
            }
        }
        return null;
    }
}
