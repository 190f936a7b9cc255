using Swiper.Client;
using Swiper.Tools.Demo.Replay;

namespace Swiper.Tools.Tests.Demo;

public sealed class DecisionFileTests
{
    private const string Header = "wave,order,uid,gender,age,partner_uid,decision,match\n";
    private const string Back = "1,1,17,M,,1,0,0\n";

    [Fact]
    public void Rows_are_read_in_their_order()
    {
        var decisions = Read(Header + "1,1,1,F,21,17,1,0\n" + Back);

        Assert.Equal(
            [
                new Decision(2, 1, Sex.Female, 21, 17, IsYes: true, IsMatch: false),
                new Decision(3, 17, Sex.Male, null, 1, IsYes: false, IsMatch: false),
            ],
            decisions);
    }

    [Fact]
    public void Lines_may_end_as_on_windows_and_values_may_stand_in_quotes()
    {
        var decisions =
            Read("\"wave\",order,uid,gender,age,partner_uid,decision,\"match\"\r\n1,1,\"1\",\"F\",\"\",17,1,\"1\"\r\n1,1,17,M,30,1,1,1");

        Assert.Equal(2, decisions.Count);
        Assert.Equal(new Decision(2, 1, Sex.Female, null, 17, IsYes: true, IsMatch: true), decisions[0]);
    }

    [Fact]
    public void Both_directions_of_a_meeting_are_one_pair()
    {
        var decisions = Read(Header + "1,1,1,F,21,17,1,0\n" + Back);

        Assert.Equal(decisions[0].Pair, decisions[1].Pair);
    }

    [Fact]
    public void The_shared_file_is_read_whole()
    {
        var decisions = DecisionFile.Read(SharedFiles.FindOrSkip("data/speed-dating.csv"));

        Assert.Equal(4834, decisions.Count);
        Assert.Equal(2 * 395, decisions.Count(decision => decision.IsMatch));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var rows = new InventedEvenings(evenings: 3, couples: 7, seed: 5).Rows().ToArray();
        var file = new StringWriter();
        DecisionFile.Write(rows, file);

        var read = Read(file.ToString());

        Assert.Equal(rows.Select((row, index) => row.Decision with { Line = index + 2 }), read);
    }

    [Theory]
    [InlineData("1,1,1,F,21,17,1", "line 2: expected 8 values, found 7")]
    [InlineData("1,1,1,F,21,17,1,0,0", "line 2: expected 8 values, found 9")]
    [InlineData("x,1,1,F,21,17,1,0", "line 2: wave: expected a number, found 'x'")]
    [InlineData("1,,1,F,21,17,1,0", "line 2: order: expected a number, found ''")]
    [InlineData("1,1,-1,F,21,17,1,0", "line 2: uid: expected a number, found '-1'")]
    [InlineData("1,1,1,f,21,17,1,0", "line 2: gender: expected F or M, found 'f'")]
    [InlineData("1,1,1,F,17,17,1,0", "line 2: age: expected 18 to 120 or empty, found '17'")]
    [InlineData("1,1,1,F,21,99999999999,1,0", "line 2: partner_uid: expected a number, found '99999999999'")]
    [InlineData("1,1,1,F,21,17,2,0", "line 2: decision: expected 1 or 0, found '2'")]
    [InlineData("1,1,1,F,21,17,1,yes", "line 2: match: expected 1 or 0, found 'yes'")]
    [InlineData("1,1,1,F,21,1,1,0", "line 2: 1 can't decide about themselves")]
    [InlineData("1,1,1,F,21,18,1,0", "line 2: partner_uid: 18 has no row of their own")]
    [InlineData("1,1,\"1,F,21,17,1,0", "line 2: misplaced or unclosed quote")]
    [InlineData("1,1,1\",F,21,17,1,0", "line 2: misplaced or unclosed quote")]
    [InlineData("1,1,\"1\"2,F,21,17,1,0", "line 2: misplaced or unclosed quote")]
    public void A_bad_row_is_named_by_its_line(string row, string problem)
    {
        var exception = Assert.Throws<DecisionFileException>(() => Read($"{Header}{row}\n{Back}"));

        Assert.Equal(problem, exception.Message);
    }

    [Theory]
    [InlineData(Back, "line 3: 17 has already decided about 1")]
    [InlineData("1,1,17,F,,2,0,0\n", "line 3: gender: 17 has a different one in line 2")]
    public void Rows_that_contradict_each_other_are_refused(string row, string problem)
    {
        var exception = Assert.Throws<DecisionFileException>(() => Read($"{Header}{Back}{row}1,1,1,F,21,17,1,0\n1,1,2,F,21,17,1,0"));

        Assert.Equal(problem, exception.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,1,1,F,21,17,1,0\n")]
    [InlineData("wave,order,uid,gender,age,partner,decision,match\n")]
    [InlineData("\"wave,order\n")]
    public void A_wrong_header_is_refused(string file)
    {
        var exception = Assert.Throws<DecisionFileException>(() => Read(file));

        Assert.Equal("line 1: expected the header wave,order,uid,gender,age,partner_uid,decision,match", exception.Message);
    }

    [Fact]
    public void A_header_alone_is_refused()
    {
        Assert.Equal("no decisions after the header", Assert.Throws<DecisionFileException>(() => Read(Header)).Message);
    }

    private static IReadOnlyList<Decision> Read(string text) => DecisionFile.Read(new StringReader(text));
}
