using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Load.Scenarios;

/// <summary>Decks, drawn again and again by people who decide about nobody.</summary>
public sealed class DeckScenario : SteadyScenario
{
    public override string Name => "deck";

    public override string Description => "decks of 30, asked for again and again by people who swipe nobody";

    public override IReadOnlyList<string> Steps { get; } = ["deck"];

    protected override ValueTask<StepOutcome> AskAsync(SwiperClient client, int step) =>
        AskAsync(client, Opcode.Deck, new DeckRequest(DeckRequest.DefaultCount));
}
