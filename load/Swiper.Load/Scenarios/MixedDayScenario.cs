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

    // Of a day's 24 pings some are looks at friends instead, and of its 112 swipes one or two are regretted.
    private const int PingsALookAtFriends = 4;
    private const int SwipesARegret = 60;

    public override string Name => "mixed-day";

    public override string Description => "evening traffic: users arrive, swipe, look at the leaderboard and at who likes them, and leave";

    public override IReadOnlyList<string> Steps { get; } =
        ["arrive", "deck", "swipe", "profile", "liked_me", "top", "rank_of", "ping", "friends", "friend", "undo_left", "rewind"];

    // A friend may have gone since the page was read, and the same user may visit twice at once.
    public override bool IsExpected(int code) =>
        (StatusCode)code is StatusCode.Ok or StatusCode.NotFriends or StatusCode.NothingToRewind or StatusCode.RewindLimit;

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
        Friends,
        Friend,
        UndoLeft,
        Rewind,
    }

    private sealed class Guest(LoadTarget target) : Visitor(target)
    {
        private readonly Hand _hand = new();
        private int _left;
        private Step? _next;
        private long _friend;

        protected override void Begin()
        {
            _hand.Clear();
            _next = null;
            // Spreads out the ends of the visits.
            _left = Random.Shared.Next(1, 2 * RequestsAVisit);
        }

        protected override int? NextRequest()
        {
            if (_left-- <= 0)
                return null;
            if (_next is { } next)
            {
                _next = null;
                return (int)next;
            }

            var step = Pick();
            if (step == Step.Ping && Random.Shared.Next(PingsALookAtFriends) == 0)
                return (int)Step.Friends;
            // A user only swipes people it was shown.
            if (step == Step.Swipe && _hand.IsEmpty)
                return (int)(_hand.HasMetEverybody ? Step.Ping : Step.Deck);
            if (step == Step.Swipe && Random.Shared.Next(SwipesARegret) == 0)
                _next = Step.UndoLeft;
            return (int)step;
        }

        protected override ValueTask<StepOutcome> AskAsync(SwiperClient client, int step) => (Step)step switch
        {
            Step.Deck => _hand.DrawAsync(client),
            Step.Swipe => _hand.SwipeAsync(client),
            Step.Profile => AskAsync(client, Opcode.Profile, new ProfileRequest(null)),
            Step.LikedMe => AskAsync(client, Opcode.LikedMe, new LikedMeRequest(null, LikedMeRequest.DefaultLimit)),
            Step.Top => AskAsync(client, Opcode.Top, new TopRequest(BoardName.All, TopRequest.DefaultN)),
            Step.RankOf => AskAsync(client, Opcode.RankOf, new RankOfRequest(BoardName.All, null)),
            Step.Friends => FriendsAsync(client),
            Step.Friend => AskAsync(client, Opcode.Friend, new PersonRequest(_friend)),
            Step.UndoLeft => UndoLeftAsync(client),
            Step.Rewind => AskAsync(client, Opcode.Rewind, default(NoArgs)),
            _ => AskAsync(client, Opcode.Ping, default(NoArgs)),
        };

        // Then they look at one of them.
        private ValueTask<StepOutcome> FriendsAsync(SwiperClient client) => StepOutcome.OfAsync(
            client.TrySendAsync<PageRequest, FirstFriend>(Opcode.Friends, new PageRequest(null, PageRequest.DefaultLimit)),
            friends =>
            {
                (_friend, _next) = (friends.Uid, friends.Uid == 0 ? null : Step.Friend);
                return friends.Bytes;
            });

        private ValueTask<StepOutcome> UndoLeftAsync(SwiperClient client) => StepOutcome.OfAsync(
            client.TrySendAsync<NoArgs, RewindsLeft>(Opcode.UndoLeft, default),
            left =>
            {
                _next = left.Rewinds == 0 ? null : Step.Rewind;
                return left.Bytes;
            });

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

    /// <summary>A page of friends of which only the first uid is read; 0 if there is none.</summary>
    private readonly record struct FirstFriend(long Uid, int Bytes) : IPayload<FirstFriend>
    {
        public static FirstFriend Read(scoped ref FieldReader fields)
        {
            var bytes = fields.Array.Length;
            var friends = fields.Elements("friends");
            return new(friends.Left == 0 ? 0 : friends.Elements("friend").Int64("uid"), bytes);
        }

        public void Write(ref MessagePackWriter writer) => throw new NotSupportedException();
    }

    /// <summary>What is left of a day, of which only the rewinds are read.</summary>
    private readonly record struct RewindsLeft(int Rewinds, int Bytes) : IPayload<RewindsLeft>
    {
        public static RewindsLeft Read(scoped ref FieldReader fields)
        {
            var bytes = fields.Array.Length;
            return new((int)fields.Int64("rewinds_left"), bytes);
        }

        public void Write(ref MessagePackWriter writer) => throw new NotSupportedException();
    }
}

/// <summary>Evening traffic over a long time, to see whether the host's memory grows.</summary>
public sealed class SoakScenario : MixedDayScenario
{
    public override string Name => "soak";

    public override string Description => "mixed-day over a long time: do the host's memory or latencies grow?";
}
