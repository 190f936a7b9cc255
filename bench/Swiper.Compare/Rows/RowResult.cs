namespace Swiper.Compare.Rows;

/// <summary>A finished row, as shown in the table and written to the JSON file.</summary>
/// <param name="Figure">The figure compared with the target: a ratio, or a figure in <paramref name="Unit"/>.</param>
internal sealed record RowResult(
    string Name, string Unit, double? Figure, string Target, string Verdict,
    IReadOnlyList<Reading> Swiper, IReadOnlyList<Reading> Rival, IReadOnlyList<double> Figures)
{
    public const string Ratio = "ratio";

    /// <summary>Why the row has no figure; null if it has one.</summary>
    public string? Trouble { get; init; }

    /// <summary>True when it should have one.</summary>
    public bool HasFailed { get; init; }

    public static RowResult Of(Comparison row)
    {
        var trouble = row.Ours.Trouble is null ? row.Theirs : row.Ours;
        if (trouble.Trouble is { } why)
        {
            return new(row.Name, Ratio, null, $"{row.Target}", trouble.IsMissing ? "left out" : "failed", row.Ours.Readings,
                row.Theirs.Readings, [])
            {
                Trouble = why,
                HasFailed = !trouble.IsMissing,
            };
        }
        var ratio = row.Ratio();
        return new(row.Name, Ratio, ratio, $"{row.Target}", row.Target?.Verdict(ratio) ?? "", row.Ours.Readings, row.Theirs.Readings, []);
    }

    public static RowResult Of(Limit row)
    {
        try
        {
            var figures = row.Take();
            var figure = Rounds.Median([.. figures]);
            return new(row.Name, row.Unit, figure, $"{row.Target}", row.Target?.Verdict(figure) ?? "", [], [], figures);
        }
        // As with a measure, a failure here must not cost the other rows.
        catch (Exception e)
        {
            return new(row.Name, row.Unit, null, $"{row.Target}", "failed", [], [], []) { Trouble = e.Message, HasFailed = true };
        }
    }
}
