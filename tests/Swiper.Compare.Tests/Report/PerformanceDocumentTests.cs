using Swiper.Compare.Report;
using Swiper.Local;

namespace Swiper.Compare.Tests.Report;

public sealed class PerformanceDocumentTests
{
    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs", "performance.md"));

    [Theory]
    [InlineData("summary")]
    [InlineData("compare")]
    [InlineData("compare-cluster")]
    [InlineData("compare-ancestor")]
    [InlineData("compare-ancestor-cluster")]
    public void The_page_on_performance_has_a_place_for_every_kind_of_run(string kind) =>
        Assert.Null(new MarkedPart(kind).ProblemIn(Document));

    [Fact]
    public void Its_summary_is_what_its_parts_say() =>
        Assert.True(
            PerformanceSummary.Of(Document) == new MarkedPart("summary").TextIn(Document),
            "the summary of docs/performance.md was edited by hand, or its parts were");

    [Fact]
    public void Whoever_writes_a_part_writes_the_summary_anew()
    {
        var part = new MarkedPart("compare");
        var row = part.TextIn(Document).Split('\n').Single(line => line.StartsWith("| echo 64x16 / C epoll |", StringComparison.Ordinal));
        var ratio = GeneratedPart.Read("compare", Document)!.Cell("echo 64x16 / C epoll", "ratio");
        var fasterRow = row.Replace($"| {ratio} |", "| 98.76 |", StringComparison.Ordinal);
        var faster = part.TextIn(Document).Replace(row, fasterRow, StringComparison.Ordinal);

        var written = PerformanceDocument.Replace(Document, part, faster);

        Assert.Equal(faster, part.TextIn(written));
        Assert.Contains("| echo 64x16 / C epoll | **98.76** |", new MarkedPart("summary").TextIn(written), StringComparison.Ordinal);
        Assert.Equal(Document, PerformanceDocument.Replace(written, part, part.TextIn(Document)));
    }

    [Fact]
    public void Each_row_of_the_summary_stands_below()
    {
        var parts = PerformanceSummary.Parts.ToDictionary(name => name, name => GeneratedPart.Read(name, Document)!);
        // A rival may have been left out of a run; its row is present anyway.
        Assert.All(PerformanceSummary.Rows, row => Assert.Contains(row.Name, parts[row.Part].Rows));
    }

    [Fact]
    public void Of_a_part_that_no_run_has_written_it_tells_nothing()
    {
        var summary = PerformanceSummary.Of(new MarkedPart("compare-cluster").Replace(Document, ""));

        Assert.DoesNotContain("MySQL", summary, StringComparison.Ordinal);
        Assert.Contains("| echo 64x16 / C epoll |", summary, StringComparison.Ordinal);
    }
}
