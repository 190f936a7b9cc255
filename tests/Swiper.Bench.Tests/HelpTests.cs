namespace Swiper.Bench.Tests;

public sealed class HelpTests
{
    [Fact]
    public Task The_help_of_bench_has_the_options_of_the_program() =>
        HelpText.AssertCompleteAsync("bench", "Swiper.Bench.dll", [], added: [], kept: []);
}
