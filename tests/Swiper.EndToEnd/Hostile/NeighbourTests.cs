using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.Load.Neighbour;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Hostile;

/// <summary>
/// Beside an account that attacks, well-behaved users are served: every request is answered, and none with "try again". How long that
/// takes `./swiper neighbour` measures.
/// </summary>
public sealed class NeighbourTests(ITestOutputHelper output)
{
    private const int Robots = 400;

    /// <summary>SWIPER_NEIGHBOUR_MS says how long each attack goes on.</summary>
    [Fact]
    public async Task Whatever_one_account_does_its_neighbour_is_answered()
    {
        var time = TimeSpan.FromMilliseconds(Budget.Of("SWIPER_NEIGHBOUR_MS", 300));
        await using var run = await NeighbourRun.StartAsync(
            HostPlan.BesideThisProgram, Robots, hasQuotas: false, TestContext.Current.CancellationToken);
        foreach (var attack in Attacks.All)
        {
            output.WriteLine(attack.Name);
            await run.PrepareAsync(attack);
            var (without, with) = await run.MeasureAsync(attack, time, apart: false);
            Assert.Empty(without.Refusals);
            Assert.Empty(with.Refusals);
            Assert.True(Math.Min(with.Swipes.Count, without.Swipes.Count) > 0);
        }
    }

    [Theory]
    [InlineData("friends")]
    [InlineData("friend")]
    [InlineData("common friends")]
    [InlineData("unfriend")]
    [InlineData("blocks")]
    public async Task What_an_attack_asks_is_done_rather_than_refused(string name)
    {
        var attack = Attacks.All.Single(attack => attack.Name == name);
        await using var run = await NeighbourRun.StartAsync(
            HostPlan.BesideThisProgram, robots: 20, hasQuotas: false, TestContext.Current.CancellationToken);
        await run.PrepareAsync(attack);
        Assert.Equal(StatusCode.Ok, await run.AskOnceAsync(attack));
    }
}
