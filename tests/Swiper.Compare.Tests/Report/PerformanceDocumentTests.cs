using Swiper.Local;

namespace Swiper.Compare.Tests.Report;

public sealed class PerformanceDocumentTests
{
    [Theory]
    [InlineData("compare")]
    [InlineData("compare-cluster")]
    [InlineData("compare-ancestor")]
    [InlineData("compare-ancestor-cluster")]
    public void The_page_on_performance_has_a_place_for_every_kind_of_run(string kind) =>
        Assert.Null(new MarkedPart(kind).ProblemIn(File.ReadAllText(Repository.PathOf("docs", "performance.md"))));
}
