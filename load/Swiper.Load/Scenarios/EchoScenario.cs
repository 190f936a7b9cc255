using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>The whole stack without a store.</summary>
public sealed class EchoScenario : SteadyScenario
{
    private const int PayloadBytes = 32;

    private static readonly EchoArray Payload = EchoArray.Of((byte[])[0x91, 0xC4, PayloadBytes, .. new byte[PayloadBytes]]);

    public override string Name => "echo";

    public override string Description => "echo of 32 bytes through the whole stack, without a store or signing in";

    public override IReadOnlyList<string> Steps { get; } = ["echo"];

    public override ScenarioDemands Demands { get; } = new() { Tokens = false, MaxInFlight = 256 };

    protected override ValueTask<StepOutcome> AskAsync(SwiperClient client, int step) => AskAsync(client, Opcode.Echo, Payload);
}
