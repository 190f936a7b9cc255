using Swiper.Tools.Demo.Replay;

namespace Swiper.Tools.Tests.Demo;

public sealed class CsvLineTests
{
    [Theory]
    [InlineData("", new[] { "" })]
    [InlineData(",", new[] { "", "" })]
    [InlineData("a,b", new[] { "a", "b" })]
    [InlineData("\"a,b\",c", new[] { "a,b", "c" })]
    [InlineData("\"say \"\"yes\"\"\"", new[] { "say \"yes\"" })]
    [InlineData("\"\",\"\"", new[] { "", "" })]
    public void Values_stand_between_commas(string line, string[] values) => Assert.Equal(values, CsvLine.Split(line));

    [Theory]
    [InlineData("\"a")]
    [InlineData("\"a\"\"")]
    [InlineData("a\"b\"")]
    [InlineData("\"a\"b")]
    public void A_quote_out_of_place_spoils_the_line(string line) => Assert.Null(CsvLine.Split(line));
}
