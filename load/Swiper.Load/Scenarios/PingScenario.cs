using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>The smallest request there is.</summary>
public sealed class PingScenario : SteadyScenario
{
    public override string Name => "ping";

    public override string Description => "the server's time, requested by signed-in users";

    public override IReadOnlyList<string> Steps { get; } = ["ping"];

    protected override ValueTask<StepOutcome> AskAsync(SwiperClient client, int step) => AskAsync(client, Opcode.Ping, default(NoArgs));
}
