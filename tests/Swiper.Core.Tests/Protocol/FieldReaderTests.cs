using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Protocol;

public sealed class FieldReaderTests
{
    [Fact]
    public void Fields_read_in_order()
    {
        var fields = new FieldReader(Wire.Write((ref writer) =>
        {
            writer.WriteArrayHeader(6);
            writer.WriteInt64(-5);
            writer.WriteString("Ünï");
            writer.WriteBoolean(true);
            writer.WriteDouble(0.25);
            writer.WriteRaw([0x81, 0x01, 0x02]);
            writer.WriteInt64(7);
        }));
        Assert.Equal(-5, fields.Int64("a"));
        Assert.Equal("Ünï", fields.String("b", 10));
        Assert.True(fields.Boolean("c"));
        Assert.Equal(0.25, fields.Double("d"));
        Assert.Equal([0x81, 0x01, 0x02], fields.Raw("e").ToArray());
        Assert.Equal(1, fields.Left);
        Assert.Equal(7, fields.Int32("f", 7, 7));
        Assert.Null(fields.Problem);
    }

    [Fact]
    public void The_first_problem_is_the_one_that_is_told_and_everything_after_it_is_a_default()
    {
        var fields = new FieldReader([0x93, 0x01, 0xa1, 0x78, 0x05]);
        Assert.Equal(1, fields.Int64("a"));
        Assert.Equal(0, fields.Int64("b"));
        Assert.Equal("", fields.String("c", 10));
        Assert.Equal(0, fields.Left);
        Assert.Equal("b: expected an integer", fields.Problem);
    }

    [Theory]
    [InlineData("90")]
    [InlineData("c0")]
    [InlineData("91-c0")]
    public void What_is_absent_or_nil_takes_its_default_where_it_may(string hex)
    {
        var bytes = MessagePackVector.Hex(hex);
        var fields = new FieldReader(bytes);
        Assert.Equal(30, fields.Int64("a", missing: 30));
        fields = new FieldReader(bytes);
        Assert.Equal(30, fields.Int32("a", 1, 50, missing: 30));
        fields = new FieldReader(bytes);
        Assert.Null(fields.OptionalInt64("a"));
        fields = new FieldReader(bytes);
        Assert.Null(fields.OptionalString("a", 10));
        Assert.Null(fields.Problem);
    }

    [Fact]
    public void A_nil_that_was_passed_lets_the_next_field_be_read()
    {
        var fields = new FieldReader([0x93, 0xc0, 0xc0, 0x05]);
        Assert.Null(fields.OptionalInt64("a"));
        Assert.Null(fields.OptionalString("b", 10));
        Assert.Equal(5, fields.OptionalInt64("c"));
        Assert.Null(fields.Problem);
    }

    [Theory]
    [InlineData("91-80", "a: expected an array")] // a map
    [InlineData("91-81-a1-78-01", "a: expected an array")]
    [InlineData("91-c0", "a: expected an array")]
    [InlineData("91-a1-78", "a: expected an array")]
    [InlineData("90", "a: missing")]
    [InlineData("91-92-01-02", null)]
    public void Elements_are_those_of_an_array(string hex, string? problem)
    {
        var fields = new FieldReader(MessagePackVector.Hex(hex));
        Assert.Equal(problem is null ? 2 : 0, fields.Elements("a").Left);
        Assert.Equal(problem, fields.Problem);
    }

    [Theory]
    [InlineData("91-90", "a: expected a map")] // an array
    [InlineData("91-91-92-a1-78-01", "a: expected a map")] // of pairs
    [InlineData("91-92-a1-78-01", "a: expected a map")] // of names and values by turns
    [InlineData("91-c0", "a: expected a map")]
    [InlineData("90", "a: missing")]
    [InlineData("91-81-a1-78-01", null)]
    public void Pairs_are_those_of_a_map(string hex, string? problem)
    {
        var fields = new FieldReader(MessagePackVector.Hex(hex));
        Assert.Equal(problem is null ? 2 : 0, fields.Pairs("a").Left);
        Assert.Equal(problem, fields.Problem);
    }

    [Theory]
    [InlineData("90", false, null)]
    [InlineData("91-c0", false, null)]
    [InlineData("91-a0", true, null)] // an empty word is a word
    [InlineData("91-01", false, "a: expected a string")]
    public void A_word_is_there_or_absent(string hex, bool isThere, string? problem)
    {
        var fields = new FieldReader(MessagePackVector.Hex(hex));
        Assert.Equal(isThere, fields.TryWord("a", out _));
        Assert.Equal(problem, fields.Problem);
    }

    [Theory]
    [InlineData(0, "a: expected 1 to 50")]
    [InlineData(51, "a: expected 1 to 50")]
    [InlineData(1L << 32 | 5, "a: expected 1 to 50")]
    [InlineData(long.MinValue, "a: expected 1 to 50")]
    [InlineData(1, null)]
    [InlineData(50, null)]
    public void Bounds_hold_both_ends(long value, string? problem)
    {
        var fields = new FieldReader(Wire.Write((ref writer) =>
        {
            writer.WriteArrayHeader(1);
            writer.WriteInt64(value);
        }));
        Assert.InRange(fields.Int32("a", 1, 50), 1, 50);
        Assert.Equal(problem, fields.Problem);
    }

    [Theory]
    [InlineData("91-a2-c3-28", "a: not UTF-8")]
    [InlineData("91-a1-ff", "a: not UTF-8")]
    [InlineData("91-a3-ed-a0-80", "a: not UTF-8")] // a lone surrogate
    [InlineData("91-a4-78-78-78-78", "a: longer than 3 bytes")]
    [InlineData("91-c4-01-78", "a: expected a string")]
    [InlineData("91-c0", "a: expected a string")]
    [InlineData("90", "a: missing")]
    [InlineData("91-a3-78-78-78", null)]
    public void A_string_is_UTF8_of_bounded_length(string hex, string? problem)
    {
        var fields = new FieldReader(MessagePackVector.Hex(hex));
        Assert.Equal(problem is null ? "xxx" : "", fields.String("a", 3));
        Assert.Equal(problem, fields.Problem);
    }
}
