using Swiper.Compare.Rows;

namespace Swiper.Compare.Report;

/// <summary>The rows of a run: ratios, and figures with an absolute bound.</summary>
internal static class ResultTable
{
    private static readonly string[] Columns = ["row", "asked for", "verdict", "limited by", "Swiper, /s", "rival, /s", "ratio"];

    public static FigureTable Of(IEnumerable<RowResult> rows) => new(Columns, Words: 4, [.. rows.Select(Cells)]);

    private static string[] Cells(RowResult row) => row.Unit == RowResult.Ratio
        ?
        [
            row.Name, row.Target, row.Verdict, LimitedBy(row),
            Figure.MedianOf(row.Swiper, reading => reading.Value),
            Figure.MedianOf(row.Rival, reading => reading.Value),
            row.Figure is { } ratio ? Figure.Ratio(ratio) : "",
        ]
        : [row.Name, row.Target, row.Verdict, "", row.Figure is { } figure ? $"{Figure.Of(figure)} {row.Unit}" : "", "", ""];

    private static string LimitedBy(RowResult row) =>
        row.Swiper.Count == 0 || row.Rival.Count == 0
            ? ""
            : $"{Reading.Middle(row.Swiper).LimitedBy()} / {Reading.Middle(row.Rival).LimitedBy()}";
}
