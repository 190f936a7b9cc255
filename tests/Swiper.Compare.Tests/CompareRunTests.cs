using System.Text.Json;

namespace Swiper.Compare.Tests;

public sealed class CompareRunTests
{
    [Fact]
    public async Task A_run_prints_its_rows_and_keeps_their_figures()
    {
        var json = Path.Combine(Path.GetTempPath(), $"compare-{Guid.NewGuid():n}.json");
        try
        {
            var (exitCode, output, errors) = await CompareProgram.RunAsync("--rounds", "1", "--seconds", "1", "--robots", "200",
                "--filter", "echo 64x1 / SignalR", "--json", json);

            Assert.True(exitCode == 0, output + errors);
            Assert.Contains("echo 64x1 / SignalR", output, StringComparison.Ordinal);
            using var figures = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
            var row = Assert.Single(figures.RootElement.GetProperty("rows").EnumerateArray());
            Assert.True(row.GetProperty("figure").GetDouble() > 0);
        }
        finally
        {
            File.Delete(json);
        }
    }

    [Theory]
    [InlineData("--rounds: 0", "--rounds", "0")]
    [InlineData("needs at least 5 rounds", "--write", "--rounds", "4")]
    [InlineData("combined with --filter", "--write", "--filter", "echo")]
    [InlineData("--set nonsense: expected KEY=VALUE", "--set", "nonsense")]
    [InlineData("no row's name contains no such row", "--filter", "no such row")]
    [InlineData("--sped", "--sped", "3")]
    [InlineData("many", "--rounds", "many")]
    public async Task Wrong_options_are_told_at_once(string why, params string[] options)
    {
        var (exitCode, output, errors) = await CompareProgram.RunAsync(options);

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("swiper: ", errors, StringComparison.Ordinal);
        Assert.Contains(why, errors, StringComparison.Ordinal);
    }
}
