using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>Mostly idle connections. The rate is that of the pings that show they are still alive.</summary>
public sealed class IdleScenario : SteadyScenario
{
    public override string Name => "idle";

    public override string Description =>
        "many idle signed-in connections; an occasional ping shows that they are alive";

    public override IReadOnlyList<string> Steps { get; } = ["ping"];

    public override ScenarioDemands Demands { get; } = new() { MaxInFlight = 256, Loops = Loops.Open };

    protected override ValueTask<StepOutcome> AskAsync(SwiperClient client, int step) => AskAsync(client, Opcode.Ping, default(NoArgs));
}
