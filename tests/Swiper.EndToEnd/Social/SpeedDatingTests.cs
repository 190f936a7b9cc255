using Swiper.EndToEnd.Running;

namespace Swiper.EndToEnd.Social;

public sealed class SpeedDatingTests
{
    [Theory]
    [MemberData(nameof(SpeedDatingEvenings.Files), MemberType = typeof(SpeedDatingEvenings))]
    public async Task The_decisions_of_speed_daters_lead_to_their_matches_and_no_others(string file)
    {
        var evenings = new SpeedDatingEvenings(file);
        using var data = new TemporaryFolder();
        var tokens = await Robots.MakeAsync(data, evenings.People);
        await using var host = await HostProcess.StartAsync(data);
        await evenings.PlayAsync(await host.SignInAsync(tokens));
    }
}
