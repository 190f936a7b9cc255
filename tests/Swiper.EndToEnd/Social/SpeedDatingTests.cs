using Swiper.EndToEnd.Running;
using Swiper.Local;

namespace Swiper.EndToEnd.Social;

public sealed class SpeedDatingTests
{
    [Theory]
    [MemberData(nameof(SpeedDatingEvenings.Files), MemberType = typeof(SpeedDatingEvenings))]
    public async Task The_decisions_of_speed_daters_lead_to_their_matches_and_no_others(string file)
    {
        var evenings = new SpeedDatingEvenings(file);
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, evenings.People);
        using var host = await TestHost.StartAsync(data);
        await evenings.PlayAsync(await host.SignInAsync(tokens));
    }
}
