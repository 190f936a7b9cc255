using Swiper.Client;

namespace Swiper.Load.Scenarios;

/// <summary>
/// Users who swipe everyone on a few decks and leave; then the next user arrives. No pair is swiped twice.
/// </summary>
public sealed class SwipeScenario : Scenario
{
    private const int Deck = Visitor.Arrive + 1;
    private const int Swipe = Deck + 1;

    // A few decks of 30, as in one sitting. A longer visit would soon run out of people.
    private const int SwipesAVisit = 90;

    public override string Name => "swipe";

    public override string Description => "users arrive, swipe everyone on a few decks, and leave";

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
