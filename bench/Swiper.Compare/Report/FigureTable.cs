namespace Swiper.Compare.Report;

/// <summary>
/// A table of a run, for a terminal or a document. The first <paramref name="Words"/> columns are text, the others figures.
/// </summary>
internal sealed record FigureTable(IReadOnlyList<string> Columns, int Words, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public bool IsFigure(int column) => column >= Words;
}
