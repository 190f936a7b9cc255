namespace Swiper.Load.Tests.Commands;

public sealed class HelpTests
{
    [Fact]
    public Task The_help_of_load_has_the_options_of_the_program() =>
        HelpText.AssertCompleteAsync("load", "Swiper.Load.dll", [], added: ["--nbomber"], kept: []);

    [Fact]
    public Task The_help_of_neighbour_has_the_options_of_the_program() =>
        HelpText.AssertCompleteAsync("neighbour", "Swiper.Load.dll", ["neighbour"], added: [], kept: []);
}
