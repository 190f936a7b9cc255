
namespace Swiper.Tools.Tests.Demo;

public sealed class ReplayTests
{
    [Theory]
    [InlineData]
    [InlineData("--cluster")]
    [InlineData("--cluster", "--redis-cluster")]
    public async Task The_decisions_of_the_sample_end_as_it_says(params string[] engine)
    {
        var run = await ToolRun.RunAsync(["demo", "--replay", SharedFiles.InRepository("samples", "decisions.csv"), .. engine]);

        Assert.True(run.ExitCode == 0, run.All);
        Assert.Matches(@"people\s+42", run.Output);
        Assert.Matches(@"decisions\s+294: 135 yes, 159 no", run.Output);
        Assert.Contains("30 in the file, 30 in replies and pushes", run.Output);
        Assert.Contains("all 147 equal", run.Output);
    }

    [Theory]
    [InlineData]
    [InlineData("--cluster")]
    [InlineData("--cluster", "--redis-cluster")]
    public async Task Real_decisions_end_as_they_did_in_life(params string[] engine)
    {
        var run = await ToolRun.RunAsync(["demo", "--replay", SharedFiles.FindOrSkip("data/speed-dating.csv"), .. engine]);

        Assert.True(run.ExitCode == 0, run.All);
        Assert.Matches(@"people\s+320", run.Output);
        Assert.Matches(@"decisions\s+4,834: 2,018 yes, 2,816 no", run.Output);
        Assert.Contains("395 in the file, 395 in replies and pushes", run.Output);
        Assert.Contains("all 2,417 equal", run.Output);
    }

    [Fact]
    public async Task A_match_that_was_none_is_named()
    {
        using var folder = new TemporaryFolder();
        var falsified = folder.Write("falsified.csv", """
            wave,order,uid,gender,age,partner_uid,decision,match
            1,1,1,F,21,17,1,1
            1,1,17,M,30,1,0,1
            1,1,2,F,,18,1,1
            1,1,18,M,19,2,1,1
            """);

        var run = await ToolRun.RunAsync("demo", "--replay", falsified);

        Assert.True(run.ExitCode == 1, run.All);
        Assert.Contains("1 equal, 1 different", run.Output);
        Assert.Contains("1 and 17: the file says a match, Swiper found none", run.Output);
    }

    [Fact]
    public async Task A_falsified_row_of_the_sample_is_found()
    {
        using var folder = new TemporaryFolder();
        var lines =
            await File.ReadAllLinesAsync(SharedFiles.InRepository("samples", "decisions.csv"), TestContext.Current.CancellationToken);
        var row = Array.IndexOf(lines, "1,2,4,F,22,12,1,1");
        lines[row] = "1,2,4,F,22,12,1,0";
        var falsified = folder.Write("falsified.csv", string.Join('\n', lines));

        var run = await ToolRun.RunAsync("demo", "--replay", falsified);

        Assert.True(run.ExitCode == 1, run.All);
        Assert.Contains("146 equal, 1 different", run.Output);
        Assert.Contains("4 and 12: their rows disagree about a match; Swiper found one", run.Output);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named_in_one_line()
    {
        var run = await ToolRun.RunAsync("demo", "--replay", "/nowhere.csv");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("swiper: no file '/nowhere.csv'", run.Errors.Trim());
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_bad_row_is_named_before_a_host_is_started()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("bad.csv", "wave,order,uid,gender,age,partner_uid,decision,match\n1,1,1,F,21,17,maybe,0\n");

        var run = await ToolRun.RunAsync("demo", "--replay", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("swiper: line 2: decision: expected 1 or 0, found 'maybe'", run.Errors.Trim());
        Assert.Empty(run.Output);
    }
}
