using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>Requests decks repeatedly and swipes no one.</summary>
public sealed class DeckScenario : SteadyScenario
{
    public override string Name => "deck";

    public override string Description => "decks of 30, requested repeatedly by users who swipe no one";

    public override IReadOnlyList<string> Steps { get; } = ["deck"];

    protected override ValueTask<StepOutcome> AskAsync(SwiperClient client, int step) =>
        AskAsync(client, Opcode.Deck, new DeckRequest(DeckRequest.DefaultCount));
}
