namespace Swiper.Compare.Report;

/// <summary>
/// A table of a run, the same on a terminal and in a document. The columns after the first <paramref name="Words"/> hold figures.
/// </summary>
internal sealed record FigureTable(IReadOnlyList<string> Columns, int Words, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public bool IsFigure(int column) => column >= Words;
}
