using System.Globalization;
using CsCheck;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What people do to each other.</summary>
internal enum Deed
{
    Like,

    /// <summary>A like of somebody who has only few a day.</summary>
    LimitedLike,

    Superlike,
    Dislike,
    Unfriend,
    Block,
    Unblock,
    Rewind,
    Restart,
}

/// <param name="Deed">What is done.</param>
/// <param name="Who">By whom.</param>
/// <param name="Whom">To whom.</param>
internal readonly record struct Step(Deed Deed, int Who, int Whom);

/// <summary>
/// Random swipes, rewinds, ends of friendships and blocks, with restarts in between: each is answered as a plain model in memory says, and
/// the two then see what the model says they see; in the end everybody does.
/// </summary>
[Collection(nameof(ClusterCollection))]
public sealed class SocialModelContract(ClusterServers servers) : EngineContract(servers)
{
    private const int People = 20;

    // Of whom a few do most: so that they meet several times.
    private const int Regulars = 3;

    private const int MostLikes = 2;

    // Sequences that run at the same time, each among its own people: they share commits.
    private const int AtOnce = 16;

    // A sequence takes some 10 ms on the embedded engine, and 50 times that on the cluster.
    private static readonly int EmbeddedCases = Cases(3_000);
    private static readonly int ClusterCases = EmbeddedCases / 50;

    private readonly SemaphoreSlim _running = new(AtOnce);
    private readonly SemaphoreSlim _restarting = new(1);
    private int _places;

    [Theory, OnEveryEngine]
    public async Task Whatever_people_do_they_get_and_see_what_the_model_says(EngineKind engine)
    {
        await StartAsync(engine);
        var (cases, stepsARestart) = engine == EngineKind.Embedded ? (EmbeddedCases, 3_000) : (ClusterCases, 100);
        await AnyStep(stepsARestart).Array[1, 30].SampleAsync(RunAsync, iter: cases, threads: AtOnce);
    }

    private static int Cases(int usually) => int.Parse(
        Environment.GetEnvironmentVariable("SWIPER_MODEL_CASES") ?? usually.ToString(CultureInfo.InvariantCulture),
        CultureInfo.InvariantCulture);

    private static Gen<Step> AnyStep(int stepsARestart)
    {
        var deed = Gen.Frequency(
            (6, Gen.Const(Deed.Like)), (3, Gen.Const(Deed.LimitedLike)), (3, Gen.Const(Deed.Superlike)), (1, Gen.Const(Deed.Dislike)),
            (4, Gen.Const(Deed.Unfriend)), (3, Gen.Const(Deed.Block)), (3, Gen.Const(Deed.Unblock)), (4, Gen.Const(Deed.Rewind)));
        return Gen.Select(
            Gen.Frequency((stepsARestart, deed), (1, Gen.Const(Deed.Restart))),
            Somebody(0), Somebody(1),
            static (deed, who, distance) => new Step(deed, who, (who + distance) % People));
    }

    private static Gen<int> Somebody(int from) => Gen.Frequency((4, Gen.Int[from, Regulars - 1]), (1, Gen.Int[from, People - 1]));

    private async Task RunAsync(Step[] steps)
    {
        // Only they are in each other's decks.
        var place = $"place {Interlocked.Increment(ref _places)}";
        var profiles = await WhileRunningAsync(() => Task.WhenAll(Enumerable.Range(0, People).Select(_ => NewPersonAsync(
            profile => profile with { DatingSex = Sex.Female, Location = place, DatingLocation = place }))));
        var model = new Model([.. profiles.Select(profile => profile.Uid)]);
        foreach (var step in steps)
        {
            if (step.Deed == Deed.Restart)
                await RestartAsync();
            else
                await WhileRunningAsync(async () =>
                {
                    await DoAsync(model, step);
                    var (who, whom) = (profiles[step.Who], profiles[step.Whom]);
                    await Eventually.HoldsAsync(
                        async () => await ProblemAsync(model, who, [whom]) is null && await ProblemAsync(model, whom, [who]) is null,
                        $"what the model says after {step}");
                    return true;
                });
        }

        await WhileRunningAsync(async () =>
        {
            foreach (var profile in profiles)
            {
                var problem = await ProblemAsync(model, profile, profiles);
                Assert.True(problem is null, $"{problem} of {Array.IndexOf(profiles, profile)} after all");
                await VerifyAsync(model, profile.Uid);
            }

            return true;
        });
    }

    private async Task<T> WhileRunningAsync<T>(Func<Task<T>> what)
    {
        await _running.WaitAsync();
        try
        {
            return await what();
        }
        finally
        {
            _running.Release();
        }
    }

    private async Task RestartAsync()
    {
        await _restarting.WaitAsync();
        for (var others = 0; others < AtOnce; others++)
            await _running.WaitAsync();
        try
        {
            await ReopenAsync();
        }
        finally
        {
            _running.Release(AtOnce);
            _restarting.Release();
        }
    }

    private async Task DoAsync(Model model, Step step)
    {
        var (uid, other) = (model.Uids[step.Who], model.Uids[step.Whom]);
        switch (step.Deed)
        {
            case Deed.Unfriend:
                var expected = model.Unfriend(uid, other) ? StatusCode.Ok : StatusCode.NotFriends;
                Assert.Equal(expected, (await Engine.Friends.EndAsync(uid, other, Now)).Failure.Code);
                break;
            case Deed.Block:
                model.Block(uid, other);
                await Engine.Blocks.BlockAsync(uid, other, Now);
                break;
            case Deed.Unblock:
                model.Unblock(uid, other);
                await Engine.Blocks.UnblockAsync(uid, other, Now);
                break;
            case Deed.Rewind:
                var rewound = await Engine.Swipes.RewindAsync(uid, Now);
                Assert.Equal(model.Rewind(uid), rewound.IsOk ? rewound.Value : rewound.Failure.Code);
                break;
            default:
                // The handler refuses it before it gets to the repository.
                if (Engine.Blocks.AreBlocked(uid, other))
                    break;
                var kind = step.Deed == Deed.LimitedLike ? SwipeKind.Like : Enum.Parse<SwipeKind>(step.Deed.ToString());
                var most = step.Deed == Deed.LimitedLike ? MostLikes : int.MaxValue;
                var answer = await Engine.Swipes.SwipeAsync(uid, other, kind, Now, most);
                Assert.Equal(model.Swipe(uid, other, kind, most), answer.IsOk ? answer.Value : answer.Failure.Code);
                break;
        }
    }

    /// <summary>What somebody sees of others that the model does not say; null if there is nothing.</summary>
    private async Task<string?> ProblemAsync(Model model, Profile me, Profile[] others)
    {
        var uid = me.Uid;
        var friends = (await Engine.Friends.ReadAsync(uid, null, 100)).Select(friend => friend.Uid).ToHashSet();
        var blocked = (await Engine.Blocks.ReadAsync(uid, null, 100)).Select(person => person.Uid).ToHashSet();
        var likers = (await Engine.Likes.ReadAsync(uid, null, 100)).Select(like => like.Uid).ToHashSet();
        var deck = (await Engine.Decks.DrawAsync(me, 100, WireTime.Day(Now))).People.Select(person => person.Uid).ToHashSet();
        foreach (var other in others.Select(profile => profile.Uid).Where(other => other != uid))
        {
            if (friends.Contains(other) != model.AreFriends(uid, other)
                || await Engine.Friends.AreFriendsAsync(uid, other) != model.AreFriends(uid, other))
                return "friends";
            if (blocked.Contains(other) != model.HasBlocked(uid, other)
                || Engine.Blocks.AreBlocked(uid, other) != (model.HasBlocked(uid, other) || model.HasBlocked(other, uid)))
                return "blocks";
            if (likers.Contains(other) != model.IsLikedBy(uid, other))
                return "likes";
            if (deck.Contains(other) != model.MayMeet(uid, other))
                return "deck";
        }

        return null;
    }

    private async Task VerifyAsync(Model model, long uid)
    {
        Assert.Equal(model.PushesTo(uid).Count, await Engine.Pushes.ReadLastSeqAsync(uid));
        var shown = (await PushesAsync(uid)).Select(push => (push.Opcode, push.Subject)).Order();
        Assert.Equal(
            model.PushesTo(uid).Where(push => push.Opcode == Opcode.Unmatched || !Engine.Blocks.AreBlocked(uid, push.Subject)).Order(),
            shown);
        Assert.Equal(model.LikesOf(uid), (await Engine.Swipes.ReadUseAsync(uid, SwipeRules.DayOf(Now))).Likes);
        // The others go on, so the boards of a cluster never settle.
        var score = model.ScoreOf(uid);
        await Eventually.HoldsAsync(
            async () => ((await Engine.Boards.RankOfAsync(BoardName.All, uid))?.Score ?? 0) == score, $"a score of {score}");
    }

    /// <summary>The rules, as plainly as can be.</summary>
    private sealed class Model(long[] uids)
    {
        private readonly Dictionary<(long, long), SwipeKind> _swipes = [];
        private readonly Dictionary<(long, long), long> _completers = []; // of each match, also of ended ones, by both directions
        private readonly HashSet<(long, long)> _over = []; // former friends, in both directions
        private readonly List<(long Uid, long Sid)> _order = []; // of the swipes that stand
        private readonly Dictionary<long, int> _rewinds = [];
        private readonly HashSet<(long, long)> _friends = [];
        private readonly HashSet<(long, long)> _blocks = [];
        private readonly Dictionary<long, List<(Opcode, long)>> _pushes = [];

        public long[] Uids { get; } = uids;

        public bool AreFriends(long uid, long other) => _friends.Contains((uid, other));

        public bool HasBlocked(long uid, long other) => _blocks.Contains((uid, other));

        public bool IsLikedBy(long uid, long other) => Likes(other, uid) && !_swipes.ContainsKey((uid, other));

        public bool MayMeet(long uid, long other) =>
            !_swipes.ContainsKey((uid, other)) && !HasBlocked(uid, other) && !HasBlocked(other, uid);

        public List<(Opcode Opcode, long Subject)> PushesTo(long uid) => _pushes.GetValueOrDefault(uid) ?? [];

        public int LikesOf(long uid) => _swipes.Count(swipe => swipe.Key.Item1 == uid && swipe.Value == SwipeKind.Like);

        public long ScoreOf(long uid) => _swipes.Where(swipe => swipe.Key.Item2 == uid).Sum(swipe => (long)Points.For(swipe.Value));

        /// <summary>The reply, or the code with which it is refused.</summary>
        public object Swipe(long uid, long other, SwipeKind kind, int mostLikes)
        {
            if (_swipes.TryGetValue((uid, other), out var before))
            {
                return before == kind
                    ? new SwipeReply(_completers.GetValueOrDefault((uid, other)) == uid && kind != SwipeKind.Dislike, Repeated: true)
                    : StatusCode.RepeatSwipe;
            }

            if (kind == SwipeKind.Like && LikesOf(uid) >= mostLikes)
                return StatusCode.LikeQuota;
            _swipes.Add((uid, other), kind);
            _order.Add((uid, other));
            if (kind == SwipeKind.Superlike)
                Push(other, Opcode.Superliked, uid);
            var matched = kind != SwipeKind.Dislike && Likes(other, uid) && !_over.Contains((uid, other));
            if (matched)
            {
                _completers[(uid, other)] = _completers[(other, uid)] = uid;
                _friends.UnionWith([(uid, other), (other, uid)]);
                Push(uid, Opcode.Matched, other);
                Push(other, Opcode.Matched, uid);
            }

            return new SwipeReply(matched, Repeated: false);
        }

        public bool Unfriend(long uid, long other)
        {
            if (!_friends.Remove((uid, other)))
                return false;
            _friends.Remove((other, uid));
            _over.UnionWith([(uid, other), (other, uid)]);
            Push(other, Opcode.Unmatched, uid);
            return true;
        }

        /// <summary>The reply, or the code with which it is refused.</summary>
        public object Rewind(long uid)
        {
            var last = _order.FindLastIndex(swipe => swipe.Uid == uid);
            if (last < 0)
                return StatusCode.NothingToRewind;
            var used = _rewinds[uid] = _rewinds.GetValueOrDefault(uid) + 1;
            if (used > SwipeRules.RewindsADay)
                return StatusCode.RewindLimit;
            var other = _order[last].Sid;
            _order.RemoveAt(last);
            _swipes.Remove((uid, other), out var kind);
            if (_friends.Remove((uid, other)))
            {
                _friends.Remove((other, uid));
                Push(other, Opcode.Unmatched, uid);
            }

            if (_completers.GetValueOrDefault((uid, other)) == uid || !_over.Contains((uid, other)))
            {
                _completers.Remove((uid, other));
                _completers.Remove((other, uid));
            }

            return new RewindReply(other, kind, SwipeRules.RewindsADay - used);
        }

        public void Block(long uid, long other)
        {
            if (_blocks.Add((uid, other)))
                Unfriend(uid, other);
        }

        public void Unblock(long uid, long other) => _blocks.Remove((uid, other));

        private void Push(long uid, Opcode opcode, long subject)
        {
            if (!_pushes.TryGetValue(uid, out var pushes))
                _pushes.Add(uid, pushes = []);
            pushes.Add((opcode, subject));
        }

        private bool Likes(long uid, long other) => _swipes.TryGetValue((uid, other), out var kind) && kind != SwipeKind.Dislike;
    }
}
