using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Accounts;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("Ada")]
    [InlineData("Zoë O'Neil")]
    [InlineData("ada\u0301")]
    [InlineData("1\uFE0F\u20E3")]
    [InlineData("👩\u200D💻")]
    [InlineData("❤\uFE0F")]
    [InlineData("🇵🇱")]
    [InlineData("نوید\u200Cرضا")]
    [InlineData("דנה")]
    [InlineData("山田\u3000花子")]
    [InlineData("한글")]
    [InlineData("\uFEFFAda")]
    public void Names_of_all_scripts_and_emoji_are_taken(string name) => Assert.Null(ProblemOf("nickname", name));

    [Theory]
    [InlineData("A\nda", "has the control character U+000A")]
    [InlineData("Ada\n", "has the control character U+000A")]
    [InlineData("\tAda", "has the control character U+0009")]
    [InlineData("A\0da", "has the control character U+0000")]
    [InlineData("A\u007Fda", "has the control character U+007F")]
    [InlineData("A\u0085da", "has the control character U+0085")]
    [InlineData("A\u2028da", "has the control character U+2028")]
    [InlineData("A\u2029da", "has the control character U+2029")]
    [InlineData("\u202Egpj.ada", "has U+202E, which changes the direction of text")]
    [InlineData("Ada\u202D", "has U+202D, which changes the direction of text")]
    [InlineData("\u2067Ada\u2069", "has U+2067, which changes the direction of text")]
    [InlineData("Ada\u200F", "has U+200F, which changes the direction of text")]
    [InlineData("\u061CAda", "has U+061C, which changes the direction of text")]
    [InlineData("", "is empty")]
    [InlineData("  ", "is empty")]
    [InlineData("\u00A0\u3000", "is empty")]
    [InlineData("\u200B", "has no visible character")]
    [InlineData("\u200D \u2060", "has no visible character")]
    [InlineData("\u00AD", "has no visible character")]
    [InlineData("\u0301", "has no visible character")]
    [InlineData("\uFE0F", "has no visible character")]
    [InlineData("\u3164", "has no visible character")]
    [InlineData("\uFFA0", "has no visible character")]
    [InlineData("\u115F\u1160", "has no visible character")]
    [InlineData("\u2800", "has no visible character")]
    [InlineData("\uFEFF", "has no visible character")]
    [InlineData("\uDB40\uDC41", "has no visible character")]
    [InlineData("\uDB40\uDD00", "has no visible character")]
    public void A_name_that_nobody_can_see_or_that_turns_the_text_around_it_is_refused(string name, string problem) =>
        Assert.Equal($"nickname: {problem}", ProblemOf("nickname", name));

    [Theory]
    [InlineData("location")]
    [InlineData("dating_location")]
    public void Places_keep_the_same_rule_and_may_be_empty(string field)
    {
        Assert.Null(ProblemOf(field, ""));
        Assert.Null(ProblemOf(field, "Łódź"));
        Assert.Equal($"{field}: has the control character U+000A", ProblemOf(field, "A\nB"));
        Assert.Equal($"{field}: has U+202E, which changes the direction of text", ProblemOf(field, "\u202Eniylreb"));
        Assert.Equal($"{field}: has no visible character", ProblemOf(field, "\u200B"));
    }

    [Fact]
    public void White_space_around_a_name_is_taken_off() => Assert.Equal("Ada", Read("nickname", " Ada\u00A0").Change.Nickname);

    private static string? ProblemOf(string field, string text) => Read(field, text).Problem;

    private static (ProfileChange Change, string? Problem) Read(string field, string text)
    {
        var value = new FieldReader(Wire.Write((ref writer) =>
        {
            writer.WriteArrayHeader(1);
            writer.WriteString(text);
        }));
        var change = ProfileFields.Read(field, ref value, new ProfileChange());
        return (change, value.Problem);
    }
}
