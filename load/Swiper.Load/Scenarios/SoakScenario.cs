namespace Swiper.Load.Scenarios;

/// <summary>The traffic of an evening for as long as one likes; what counts is how the host's memory is at the end.</summary>
public sealed class SoakScenario : MixedDayScenario
{
    public override string Name => "soak";

    public override string Description => "the traffic of mixed-day for long: does the host's memory grow, do the latencies?";
}
