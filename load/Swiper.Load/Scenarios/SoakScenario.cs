namespace Swiper.Load.Scenarios;

/// <summary>Evening traffic over a long time, to see whether the host's memory grows.</summary>
public sealed class SoakScenario : MixedDayScenario
{
    public override string Name => "soak";

    public override string Description => "mixed-day over a long time: do the host's memory or latencies grow?";
}
