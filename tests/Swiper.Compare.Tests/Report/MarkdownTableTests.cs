using Swiper.Compare.Report;

namespace Swiper.Compare.Tests.Report;

public sealed class MarkdownTableTests
{
    [Fact]
    public void Figures_stand_to_the_right_and_cells_can_hold_a_bar()
    {
        var table = new FigureTable(["row", "ratio"], Words: 1, [["a|b", "1.70"]]);

        Assert.Equal("| row | ratio |\n| --- | --: |\n| a\\|b | 1.70 |\n", MarkdownTable.Of(table));
    }

    [Fact]
    public void A_table_without_rows_is_nothing() => Assert.Empty(MarkdownTable.Of(new FigureTable(["row"], 1, [])));
}
