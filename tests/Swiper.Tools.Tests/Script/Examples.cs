namespace Swiper.Tools.Tests.Script;

/// <summary>Sample tests, started only by <see cref="ScriptSandbox"/>.</summary>
public sealed class Examples
{
    [Fact(Explicit = true)]
    public void What_holds() => Assert.NotNull(this);

    [Fact(Explicit = true)]
    public void What_does_not_hold() => Assert.Fail("this is its message");

    [Theory(Explicit = true)]
    [InlineData(1, "one")]
    [InlineData(2, "two\nlines")]
    public void What_holds_of_one(int number, string text) => Assert.Equal((1, "one"), (number, text));

    [Fact(Explicit = true)]
    public void What_is_skipped() => Assert.Skip("not here");
}
