using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Protocol;

public sealed class PageCursorTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_784_116_800_000, 7_331_234_567_890_123_456)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void A_cursor_is_read_as_it_was_written(long at, long uid)
    {
        var cursor = new PageCursor(at, uid);
        Assert.InRange(cursor.ToString().Length, 3, PageCursor.MaxLength);
        Assert.True(PageCursor.TryParse(cursor.ToString(), out var read));
        Assert.Equal(cursor, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("-1.1")]
    [InlineData("1.-1")]
    [InlineData("1.1.1")]
    [InlineData(" 1.1")]
    [InlineData("1,000.1")]
    [InlineData("0x1.1")]
    [InlineData("99999999999999999999.1")]
    [InlineData("next")]
    public void What_is_no_cursor_is_refused(string text) => Assert.False(PageCursor.TryParse(text, out _));
}
