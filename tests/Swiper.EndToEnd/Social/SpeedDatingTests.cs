using Swiper.EndToEnd.Running;

namespace Swiper.EndToEnd.Social;

public sealed class SpeedDatingTests
{
    [Fact]
    public async Task The_decisions_of_a_speed_dating_experiment_lead_to_its_matches_and_no_others()
    {
        var evenings = new SpeedDatingEvenings();
        using var data = new TemporaryFolder();
        var tokens = await Robots.MakeAsync(data, evenings.People);
        await using var host = await HostProcess.StartAsync(data);
        await evenings.PlayAsync(await host.SignInAsync(tokens));
    }
}
