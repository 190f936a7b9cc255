using System.Globalization;
using System.Text;

namespace Swiper.Compare.Report;

/// <summary>
/// What docs/performance.md begins with: the ratios that tell most, and charts, all taken from the parts that runs wrote below. So it
/// can't tell anything else than they do.
/// </summary>
internal static class PerformanceSummary
{
    private const string Embedded = "compare";
    private const string Cluster = "compare-cluster";
    private const string Ancestor = "compare-ancestor";

    /// <summary>The rows, with what each means.</summary>
    public static IReadOnlyList<Row> Rows { get; } =
    [
        new(
            Embedded, "echo 64x16 / C epoll",
            "echoes through the whole stack, 64 connections with 16 requests under way on each, "
            + "beside a one-thread epoll loop in C that sends back what it gets"),
        new(Embedded, "echo 64x1 / C epoll", "the same with one request under way on each"),
        new(Embedded, "echo 64x16 / stock Kestrel", "echoes beside a Kestrel as it comes, which sends back what it gets"),
        new(Embedded, "echo 64x1 / stock Kestrel", "the same with one request under way on each"),
        new(Embedded, "echo 64x16 / HTTP JSON", "echoes beside ASP.NET Core with JSON over HTTP"),
        new(Embedded, "echo 64x16 / SignalR", "echoes beside SignalR with its own client"),
        new(Embedded, "echo 64x16 / gRPC", "echoes beside gRPC"),
        new(Embedded, "cached read: own profile / echo", "one's own profile, beside Swiper's echo"),
        new(Embedded, "cached read: top 10 / echo", "ten of a board with their names, beside Swiper's echo"),
        new(
            Embedded, "top 50 with names / Redis ZREVRANGE 0 49",
            "fifty of a board with their names, beside Redis with the numbers alone"),
        new(
            Cluster, "top 50 with names / Redis ZREVRANGE 0 49", "the same on the cluster",
            Label: "top 50 with names / Redis, on the cluster"),
        new(
            Embedded, "durable swipes / bare SQLite",
            "swipes, each on disk before its reply, beside a loop that only commits batches of rows"),
        new(
            Cluster, "durable swipes 64x16 / bare MySQL, 1 connection",
            "swipes on two MySQL shards and Redis, beside one connection that only inserts rows, many a statement"),
        new(Cluster, "durable swipes 64x64 / bare MySQL, 1 connection", "the same with 64 requests under way on each connection"),
        new(
            Ancestor, "echo",
            "echoes, one request under way on each of 64 connections, beside the 39,000 a second that the ancestor told of itself",
            Column: "times", Label: "echo / the ancestor"),
        new(
            Ancestor, "swipe", "swipes in the same way, beside the 800 database operations a second that the ancestor told of itself",
            Column: "times", Label: "swipe / the ancestor"),
    ];

    private static readonly Chart[] Charts =
    [
        new(
            Embedded, "Echoes a second: 64 connections, 16 requests under way on each",
            [
                ("C epoll 64x16", "C epoll"), ("Swiper echo 64x16", "Swiper"), ("best Kestrel 64x16", "best Kestrel"),
                ("stock Kestrel 64x16", "stock Kestrel"), ("SignalR echo 64x16", "SignalR"), ("HTTP JSON echo 64x16", "HTTP JSON"),
                ("gRPC echo 64x16", "gRPC"),
            ]),
        new(
            Embedded, "Echoes a second: 64 connections, one request under way on each",
            [
                ("C epoll 64x1", "C epoll"), ("Swiper echo 64x1", "Swiper"), ("best Kestrel 64x1", "best Kestrel"),
                ("stock Kestrel 64x1", "stock Kestrel"), ("SignalR echo 64x1", "SignalR"), ("HTTP JSON echo 64x1", "HTTP JSON"),
                ("gRPC echo 64x1", "gRPC"),
            ]),
        new(
            Embedded, "Durable swipes a second on the embedded engine",
            [("Swiper swipes", "Swiper"), ("bare SQLite batches", "bare SQLite")]),
        new(
            Cluster, "Durable swipes a second on a cluster of two shards",
            [
                ("Swiper swipes 64x16", "Swiper 64x16"), ("Swiper swipes 64x64", "Swiper 64x64"),
                ("bare MySQL, 1 connection", "MySQL, 1 conn."), ("bare MySQL, 2 connections", "MySQL, 2 conn."),
                ("bare Redis script", "Redis script"),
            ]),
    ];

    /// <summary>Of a rival that was left out, and of a part that no run has written yet, it tells nothing.</summary>
    /// <exception cref="InvalidDataException">The document lacks a part that it is made of.</exception>
    public static string Of(string document)
    {
        var parts = Parts.ToDictionary(name => name, name => GeneratedPart.Read(name, document));
        var text = new StringBuilder(MarkdownTable.Of(new FigureTable(
            ["row", "ratio", "asked for", "verdict", "what it means", "command", "cores", "commit"], Words: 8,
            [.. Rows.Select(row => Cells(row, parts[row.Part])).OfType<string[]>()])));
        foreach (var chart in Charts)
            Append(text, chart, parts[chart.Part]);
        return text.ToString();
    }

    /// <summary>The parts of the document that it is made of.</summary>
    public static IEnumerable<string> Parts => Rows.Select(row => row.Part).Distinct();

    private static string[]? Cells(Row row, GeneratedPart? part) => part?.Cell(row.Name, row.Column) is { Length: > 0 } ratio
        ?
        [
            row.Label ?? row.Name, $"**{ratio}**", part.Cell(row.Name, "asked for"), part.Cell(row.Name, "verdict"), row.Meaning,
            $"`{part.Command}`", part.Cores, part.Commit,
        ]
        : null;

    private static void Append(StringBuilder text, Chart chart, GeneratedPart? part)
    {
        var bars = chart.Bars.Select(bar => (bar.Label, Figure: part?.Figure(bar.Measure, "/s")))
            .Where(bar => bar.Figure is not null).ToList();
        if (bars.Count == 0)
            return;
        text.Append("\n```mermaid\nxychart-beta horizontal\n");
        text.Append($"    title \"{chart.Title}\"\n");
        text.Append($"    x-axis [{string.Join(", ", bars.Select(bar => $"\"{bar.Label}\""))}]\n");
        text.Append($"    y-axis \"a second\" 0 --> {Number(RoundUp(bars.Max(bar => bar.Figure!.Value)))}\n");
        text.Append($"    bar [{string.Join(", ", bars.Select(bar => Number(bar.Figure!.Value)))}]\n```\n");
    }

    private static string Number(double figure) => figure.ToString("0", CultureInfo.InvariantCulture);

    // To two digits.
    private static double RoundUp(double figure)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(figure)) - 1);
        return Math.Ceiling(figure / unit) * unit;
    }

    /// <param name="Part">Of the document.</param>
    /// <param name="Name">Of the row there.</param>
    /// <param name="Meaning">In words, for somebody who knows neither.</param>
    /// <param name="Column">Where the ratio stands.</param>
    /// <param name="Label">What it is called here, where its name is not enough.</param>
    internal sealed record Row(string Part, string Name, string Meaning, string Column = "ratio", string? Label = null);

    private sealed record Chart(string Part, string Title, IReadOnlyList<(string Measure, string Label)> Bars);
}
