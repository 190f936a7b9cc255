using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>
/// Evening traffic: users come and go and use every function of the app in realistic proportions. 200,000 daily users with 200 requests
/// each, 80 % of them in 20 % of the day, make 1,852 requests per second.
/// </summary>
public class MixedDayScenario : Scenario
{
    // The requests of one visit, besides arriving. Four visits are the 200 requests of a day.
    private const int RequestsAVisit = 49;

    public override string Name => "mixed-day";

    public override string Description => "evening traffic: users arrive, swipe, look at the leaderboard and at who likes them, and leave";

    public override IReadOnlyList<string> Steps { get; } = ["arrive", "deck", "swipe", "profile", "liked_me", "top", "rank_of", "ping"];

    public override ScenarioRun Begin(LoadTarget target) => new VisitorRun(() => new Guest(target));

    private enum Step
    {
        Deck = Visitor.Arrive + 1,
        Swipe,
        Profile,
        LikedMe,
        Top,
        RankOf,
        Ping,
    }

    private sealed class Guest(LoadTarget target) : Visitor(target)
    {
        private readonly Hand _hand = new();
        private int _left;

        protected override void Begin()
        {
            _hand.Clear();
            // Spreads out the ends of the visits.
            _left = Random.Shared.Next(1, 2 * RequestsAVisit);
        }

        protected override int? NextRequest()
        {
            if (_left-- <= 0)
                return null;
            var step = Pick();
            // A user only swipes people it was shown.
            return (int)(step == Step.Swipe && _hand.IsEmpty ? _hand.HasMetEverybody ? Step.Ping : Step.Deck : step);
        }

        protected override ValueTask<StepOutcome> AskAsync(SwiperClient client, int step) => (Step)step switch
        {
            Step.Deck => _hand.DrawAsync(client),
            Step.Swipe => _hand.SwipeAsync(client),
            Step.Profile => AskAsync(client, Opcode.Profile, new ProfileRequest(null)),
            Step.LikedMe => AskAsync(client, Opcode.LikedMe, new LikedMeRequest(null, LikedMeRequest.DefaultLimit)),
            Step.Top => AskAsync(client, Opcode.Top, new TopRequest(BoardName.All, TopRequest.DefaultN)),
            Step.RankOf => AskAsync(client, Opcode.RankOf, new RankOfRequest(BoardName.All, null)),
            _ => AskAsync(client, Opcode.Ping, default(NoArgs)),
        };

        private static ValueTask<StepOutcome> AskAsync<TRequest>(SwiperClient client, Opcode opcode, TRequest request)
            where TRequest : IPayload<TRequest> =>
            StepOutcome.OfAsync(client.TrySendAsync<TRequest, ReplySize>(opcode, request));

        private static Step Pick()
        {
            // The steps are in the order of the mix.
            var dice = Random.Shared.Next(Evening.RequestsPerDay);
            var step = 0;
            while ((dice -= Evening.Mix[step].PerDay) >= 0)
                step++;
            return (Step)(step + Visitor.Arrive + 1);
        }
    }
}

/// <summary>Evening traffic over a long time, to see whether the host's memory grows.</summary>
public sealed class SoakScenario : MixedDayScenario
{
    public override string Name => "soak";

    public override string Description => "mixed-day over a long time: do the host's memory or latencies grow?";
}
