using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>Connections that do next to nothing. The rate says how often each shows by a ping that it is still there.</summary>
public sealed class IdleScenario : SteadyScenario
{
    public override string Name => "idle";

    public override string Description =>
        "many quiet connections of people who are signed in; a ping now and then shows that they are held";

    public override IReadOnlyList<string> Steps { get; } = ["ping"];

    public override ScenarioDemands Demands { get; } = new() { MaxInFlight = 256, Loops = Loops.Open };

    protected override ValueTask<StepOutcome> AskAsync(SwiperClient client, int step) => AskAsync(client, Opcode.Ping, default(NoArgs));
}
