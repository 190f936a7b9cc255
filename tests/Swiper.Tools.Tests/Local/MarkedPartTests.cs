using Swiper.Local;

namespace Swiper.Tools.Tests.Local;

public sealed class MarkedPartTests
{
    private static readonly MarkedPart Part = new("figures");
    private static readonly string Document = $"# Prose\n\n{Part.Begin}old\n{Part.End}\n\nMore prose, `{Part.End[..4]}`.\n";

    [Fact]
    public void Only_the_part_changes()
    {
        var written = Part.Replace(Document, "new\nlines\n");

        Assert.Equal("new\nlines\n", Part.TextIn(written));
        Assert.Equal(Document, Part.Replace(written, "old\n"));
        Assert.Equal(written, Part.Replace(written, "new\nlines\n"));
    }

    [Fact]
    public void Other_parts_are_prose()
    {
        var other = new MarkedPart("figures-cluster");
        var both = $"{Document}{other.Begin}cluster\n{other.End}";

        var written = Part.Replace(both, "new\n");

        Assert.Equal("cluster\n", other.TextIn(written));
        Assert.Equal(both, Part.Replace(written, "old\n"));
    }

    [Theory]
    [InlineData("no marks at all", "has no line")]
    [InlineData("BEGIN only", "once each")]
    [InlineData("END first, then BEGIN", "in this order")]
    [InlineData("BEGIN twice BEGIN and END", "once each")]
    public void A_document_without_a_place_for_it_is_left_alone(string shape, string why)
    {
        var document = shape.Replace("BEGIN", Part.Begin, StringComparison.Ordinal).Replace("END", Part.End, StringComparison.Ordinal);

        Assert.Contains(why, Part.ProblemIn(document), StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Part.Replace(document, "new"));
    }

    [Fact]
    public void Text_with_the_marks_in_it_is_refused() =>
        Assert.Throws<ArgumentException>(() => Part.Replace(Document, $"one {Part.End} two"));
}
