using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Tests.Protocol;

namespace Swiper.Core.Tests.Ranking;

public sealed class BoardNameTests
{
    [Theory]
    [InlineData("90", BoardName.All)]
    [InlineData("91-c0", BoardName.All)]
    [InlineData("91-a3-61-6c-6c", BoardName.All)]
    [InlineData("91-a3-64-61-79", BoardName.Day)]
    [InlineData("91-a4-77-65-65-6b", BoardName.Week)]
    public void A_board_is_named_or_absent(string hex, BoardName expected)
    {
        var fields = new FieldReader(MessagePackVector.Hex(hex));
        Assert.Equal(expected, BoardNames.Read(ref fields));
        Assert.Null(fields.Problem);
    }

    [Theory]
    [InlineData("91-a0", "board: expected \"all\", \"day\" or \"week\"")] // nothing is not the same as absent
    [InlineData("91-a3-44-41-59", "board: expected \"all\", \"day\" or \"week\"")]
    [InlineData("91-00", "board: expected a string")]
    [InlineData("91-90", "board: expected a string")]
    public void Any_other_word_is_no_board(string hex, string problem)
    {
        var fields = new FieldReader(MessagePackVector.Hex(hex));
        BoardNames.Read(ref fields);
        Assert.Equal(problem, fields.Problem);
    }
}
