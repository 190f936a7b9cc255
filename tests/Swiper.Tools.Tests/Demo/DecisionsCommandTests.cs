using Swiper.Tools.Demo.Replay;

namespace Swiper.Tools.Tests.Demo;

public sealed class DecisionsCommandTests
{
    [Fact]
    public async Task The_sample_is_what_the_command_prints()
    {
        var run = await ToolRun.RunAsync("decisions");
        Assert.True(run.ExitCode == 0, run.All);

        var kept =
            await File.ReadAllTextAsync(SharedFiles.InRepository("samples", "decisions.csv"), TestContext.Current.CancellationToken);
        Assert.True(kept == run.Output,
            "samples/decisions.csv is stale: run ./swiper decisions --output samples/decisions.csv and commit what it writes");
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 7, 1)]
    [InlineData(2, 20, -9)]
    public void Everybody_meets_everybody_of_their_evening_once_and_a_match_is_a_yes_of_both(int evenings, int couples, int seed)
    {
        var rows = new InventedEvenings(evenings, couples, seed).Rows().ToArray();

        Assert.Equal(2 * evenings * couples * couples, rows.Length);
        var byPair = rows.ToDictionary(row => (row.Decision.Uid, row.Decision.Partner));
        Assert.All(rows, row =>
        {
            var back = byPair[(row.Decision.Partner, row.Decision.Uid)];
            Assert.Equal((row.Wave, row.Order), (back.Wave, back.Order));
            Assert.NotEqual(row.Decision.Sex, back.Decision.Sex);
            Assert.Equal(row.Decision.IsYes && back.Decision.IsYes, row.Decision.IsMatch);
        });
        // Nobody has two partners in one turn.
        Assert.Equal(rows.Length, rows.DistinctBy(row => (row.Wave, row.Order, row.Decision.Uid)).Count());
        Assert.All(rows.GroupBy(row => row.Decision.Uid), of =>
            Assert.Single(of.Select(row => (row.Wave, row.Decision.Sex, row.Decision.Age)).Distinct()));
    }

    [Fact]
    public async Task The_file_is_where_it_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("decisions.csv");

        var run = await ToolRun.RunAsync("decisions", "--evenings", "1", "--couples", "2", "--seed", "3", "--output", file);

        Assert.True(run.ExitCode == 0, run.All);
        Assert.Empty(run.Output);
        Assert.Equal(8, DecisionFile.Read(file).Count);
    }

    [Theory]
    [InlineData("swiper: --couples: 101 is not between 1 and 100", "--couples", "101")]
    [InlineData("swiper: --evenings: 'many' is not a whole number in range", "--evenings", "many")]
    [InlineData("swiper: --output: folder '/nowhere' does not exist", "--output", "/nowhere/decisions.csv")]
    public async Task What_is_wrong_is_told_in_one_line(string problem, params string[] options)
    {
        var run = await ToolRun.RunAsync(["decisions", .. options]);

        Assert.Equal((2, problem, ""), (run.ExitCode, run.Errors.Trim(), run.Output));
    }
}
