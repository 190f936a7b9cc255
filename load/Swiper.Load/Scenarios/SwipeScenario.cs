using Swiper.Client;

namespace Swiper.Load.Scenarios;

/// <summary>
/// People who swipe: a deck, then a decision about each on it, a few decks long; then somebody else comes. No pair is swiped twice.
/// </summary>
public sealed class SwipeScenario : Scenario
{
    private const int Deck = Visitor.Arrive + 1;
    private const int Swipe = Deck + 1;

    // Some decks of 30: what a person does in a sitting. A longer one would soon meet everybody there is.
    private const int SwipesAVisit = 90;

    public override string Name => "swipe";

    public override string Description => "people come, get a deck, decide about each on it, and go after some decks";

    public override IReadOnlyList<string> Steps { get; } = ["arrive", "deck", "swipe"];

    public override ScenarioRun Begin(LoadTarget target) => new VisitorRun(() => new Person(target));

    private sealed class Person(LoadTarget target) : Visitor(target)
    {
        private readonly Hand _hand = new();
        private int _swipes;

        protected override void Begin()
        {
            _hand.Clear();
            _swipes = 0;
        }

        protected override int? NextRequest() =>
            _swipes >= SwipesAVisit || _hand.HasMetEverybody ? null
            : _hand.IsEmpty ? Deck
            : Swipe;

        protected override ValueTask<StepOutcome> AskAsync(SwiperClient client, int step)
        {
            if (step == Deck)
                return _hand.DrawAsync(client);
            _swipes++;
            return _hand.SwipeAsync(client);
        }
    }
}
