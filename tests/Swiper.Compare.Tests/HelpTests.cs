namespace Swiper.Compare.Tests;

public sealed class HelpTests
{
    private static readonly string[] OfLoad = ["--port", "--process", "--connections", "--in-flight", "--bare"];

    [Fact]
    public Task The_help_of_compare_has_the_options_of_the_program() =>
        HelpText.AssertCompleteAsync("compare", "Swiper.Compare.dll", [], added: ["--all", .. OfLoad], kept: []);

    [Fact]
    public Task So_it_has_those_of_the_load_that_it_puts_on_a_server() => HelpText.AssertCompleteAsync(
        "compare", "Swiper.Compare.dll", ["load"],
        added: ["--all", "--cluster", "--ancestor", "--write", "--rounds", "--filter", "--robots", "--set", "--host", "--rivals-only",
            "--json"], kept: []);
}
