using System.Globalization;
using System.Text;

namespace Swiper.Compare.Report;

/// <summary>
/// The start of docs/performance.md: the most important ratios, and charts, all taken from the generated parts below it, so that it
/// can't contradict them.
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
            "echoes through the whole stack, 64 connections with 16 requests in flight each, "
            + "against a single-threaded epoll loop in C that echoes raw bytes"),
        new(Embedded, "echo 64x1 / C epoll", "the same with one request in flight each"),
        new(Embedded, "echo 64x16 / stock Kestrel", "echoes against Kestrel with default settings, which echoes raw bytes"),
        new(Embedded, "echo 64x1 / stock Kestrel", "the same with one request in flight each"),
        new(Embedded, "echo 64x16 / HTTP JSON", "echoes against ASP.NET Core with JSON over HTTP"),
        new(Embedded, "echo 64x16 / SignalR", "echoes against SignalR with JSON over a WebSocket"),
        new(Embedded, "echo 64x16 / gRPC", "echoes against gRPC with its own client"),
        new(Embedded, "cached read: own profile / echo", "a user's own profile, against Swiper's echo"),
        new(Embedded, "cached read: top 10 / echo", "the top ten of a board with names, against Swiper's echo"),
        new(
            Embedded, "top 50 with names / Redis ZREVRANGE 0 49",
            "the top fifty of a board with names, against Redis returning only ids and scores"),
        new(
            Cluster, "top 50 with names / Redis ZREVRANGE 0 49", "the same on the cluster",
            Label: "top 50 with names / Redis, on the cluster"),
        new(
            Embedded, "durable swipes / bare SQLite",
            "swipes, each on disk before its reply, against a loop that only commits batches of rows"),
        new(
            Cluster, "durable swipes 64x16 / bare MySQL, 1 connection",
            "swipes on two MySQL shards and Redis, against one connection that only runs multi-row inserts"),
        new(Cluster, "durable swipes 64x64 / bare MySQL, 1 connection", "the same with 64 requests in flight per connection"),
        new(
            Ancestor, "echo",
            "echoes, 64 connections with one request in flight each, against the 39,000 a second reported for the ancestor",
            Column: "times", Label: "echo / the ancestor"),
        new(
            Ancestor, "swipe", "swipes in the same way, against the 800 database operations a second reported for the ancestor",
            Column: "times", Label: "swipe / the ancestor"),
    ];

    private static readonly Chart[] Charts =
    [
        new(
            Embedded, "Echoes per second: 64 connections, 16 requests in flight each",
            [
                ("C epoll 64x16", "C epoll"), ("Swiper echo 64x16", "Swiper"), ("best Kestrel 64x16", "best Kestrel"),
                ("stock Kestrel 64x16", "stock Kestrel"), ("SignalR echo 64x16", "SignalR"), ("HTTP JSON echo 64x16", "HTTP JSON"),
                ("gRPC echo 64x16", "gRPC"),
            ]),
        new(
            Embedded, "Echoes per second: 64 connections, one request in flight each",
            [
                ("C epoll 64x1", "C epoll"), ("Swiper echo 64x1", "Swiper"), ("best Kestrel 64x1", "best Kestrel"),
                ("stock Kestrel 64x1", "stock Kestrel"), ("SignalR echo 64x1", "SignalR"), ("HTTP JSON echo 64x1", "HTTP JSON"),
                ("gRPC echo 64x1", "gRPC"),
            ]),
        new(
            Embedded, "Durable swipes per second on the embedded engine",
            [("Swiper swipes", "Swiper"), ("bare SQLite batches", "bare SQLite")]),
        new(
            Cluster, "Durable swipes per second on a cluster of two shards",
            [
                ("Swiper swipes 64x16", "Swiper 64x16"), ("Swiper swipes 64x64", "Swiper 64x64"),
                ("bare MySQL, 1 connection", "MySQL, 1 conn."), ("bare MySQL, 2 connections", "MySQL, 2 conn."),
                ("bare Redis script", "Redis script"),
            ]),
    ];

    /// <summary>Omits rivals that were left out and parts that no run has written yet.</summary>
    /// <exception cref="InvalidDataException">The document lacks one of the parts.</exception>
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

    /// <summary>The parts of the document it is derived from.</summary>
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

    // To two significant digits.
    private static double RoundUp(double figure)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(figure)) - 1);
        return Math.Ceiling(figure / unit) * unit;
    }

    /// <param name="Part">The part of the document.</param>
    /// <param name="Name">The row's name in that part.</param>
    /// <param name="Meaning">An explanation for readers who know neither side.</param>
    /// <param name="Column">The column of the ratio.</param>
    /// <param name="Label">The name in the summary, if different.</param>
    internal sealed record Row(string Part, string Name, string Meaning, string Column = "ratio", string? Label = null);

    private sealed record Chart(string Part, string Title, IReadOnlyList<(string Measure, string Label)> Bars);
}
