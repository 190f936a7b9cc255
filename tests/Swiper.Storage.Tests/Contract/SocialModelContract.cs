using System.Globalization;
using CsCheck;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What a few people do to each other.</summary>
internal enum Deed
{
    Like,
    Superlike,
    Dislike,
    Unfriend,
    Block,
    Unblock,
    Restart,
}

/// <param name="Deed">What is done.</param>
/// <param name="Who">By whom.</param>
/// <param name="Whom">To whom.</param>
internal readonly record struct Step(Deed Deed, int Who, int Whom);

/// <summary>
/// Random swipes, ends of friendships and blocks, with restarts in between: each is answered as a plain model in memory says, and
/// everybody then sees what the model says they see.
/// </summary>
[Collection(nameof(ClusterCollection))]
public sealed class SocialModelContract(ClusterServers servers) : EngineContract(servers)
{
    private const int People = 4;

    private static readonly int Cases =
        int.Parse(Environment.GetEnvironmentVariable("SWIPER_MODEL_CASES") ?? "15", CultureInfo.InvariantCulture);

    private static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Frequency(
            (6, Gen.Const(Deed.Like)), (3, Gen.Const(Deed.Superlike)), (1, Gen.Const(Deed.Dislike)), (4, Gen.Const(Deed.Unfriend)),
            (3, Gen.Const(Deed.Block)), (3, Gen.Const(Deed.Unblock)), (1, Gen.Const(Deed.Restart))),
        Gen.Int[0, People - 1], Gen.Int[1, People - 1],
        static (deed, who, distance) => new Step(deed, who, (who + distance) % People));

    private int _places;

    [Theory, OnEveryEngine]
    public async Task Whatever_people_do_they_get_and_see_what_the_model_says(EngineKind engine)
    {
        await StartAsync(engine);
        await AnyStep.Array[1, 40].SampleAsync(RunAsync, iter: Cases, threads: 1);
    }

    private async Task RunAsync(Step[] steps)
    {
        var profiles = new Profile[People];
        // Only they are in each other's decks.
        var place = $"place {Interlocked.Increment(ref _places)}";
        for (var person = 0; person < People; person++)
        {
            profiles[person] = await NewPersonAsync(profile => profile with
            {
                Sex = Sex.Female,
                DatingSex = Sex.Female,
                Location = place,
                DatingLocation = place,
            });
        }

        var model = new Model([.. profiles.Select(profile => profile.Uid)]);
        foreach (var step in steps)
        {
            await DoAsync(model, step);
            await Eventually.HoldsAsync(async () => await ProblemAsync(model, profiles) is null, $"what the model says after {step}");
        }

        foreach (var uid in model.Uids)
        {
            Assert.Equal(model.PushesTo(uid), await Engine.Pushes.ReadLastSeqAsync(uid));
            Assert.DoesNotContain(await PushesAsync(uid), push => push.Data is null && Engine.Blocks.AreBlocked(uid, push.Subject));
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
            case Deed.Restart:
                await ReopenAsync();
                break;
            default:
                // The handler refuses it before it gets to the repository.
                if (Engine.Blocks.AreBlocked(uid, other))
                    break;
                var kind = Enum.Parse<SwipeKind>(step.Deed.ToString());
                var answer = await Engine.Swipes.SwipeAsync(uid, other, kind, Now);
                Assert.Equal(model.Swipe(uid, other, kind), answer.IsOk ? answer.Value : null);
                break;
        }
    }

    /// <summary>What somebody sees that the model does not say; null if there is nothing.</summary>
    private async Task<string?> ProblemAsync(Model model, Profile[] profiles)
    {
        foreach (var profile in profiles)
        {
            var uid = profile.Uid;
            var friends = (await Engine.Friends.ReadAsync(uid, null, 100)).Select(friend => friend.Uid);
            var blocked = (await Engine.Blocks.ReadAsync(uid, null, 100)).Select(person => person.Uid);
            var likers = (await Engine.Likes.ReadAsync(uid, null, 100)).Select(like => like.Uid);
            var deck = (await Engine.Decks.DrawAsync(profile, 100, WireTime.Day(Now))).People.Select(person => person.Uid);
            foreach (var other in model.Uids.Where(other => other != uid))
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
        }

        return null;
    }

    /// <summary>The rules, as plainly as can be.</summary>
    private sealed class Model(long[] uids)
    {
        private readonly Dictionary<(long, long), SwipeKind> _swipes = [];
        private readonly Dictionary<(long, long), long> _completers = []; // of each match that there ever was, by both directions
        private readonly HashSet<(long, long)> _friends = [];
        private readonly HashSet<(long, long)> _blocks = [];
        private readonly Dictionary<long, long> _pushes = [];

        public long[] Uids { get; } = uids;

        public bool AreFriends(long uid, long other) => _friends.Contains((uid, other));

        public bool HasBlocked(long uid, long other) => _blocks.Contains((uid, other));

        public bool IsLikedBy(long uid, long other) => Likes(other, uid) && !_swipes.ContainsKey((uid, other));

        public bool MayMeet(long uid, long other) =>
            !_swipes.ContainsKey((uid, other)) && !HasBlocked(uid, other) && !HasBlocked(other, uid);

        public long PushesTo(long uid) => _pushes.GetValueOrDefault(uid);

        /// <summary>The reply; null where it is refused as another kind than before.</summary>
        public SwipeReply? Swipe(long uid, long other, SwipeKind kind)
        {
            if (_swipes.TryGetValue((uid, other), out var before))
            {
                return before == kind
                    ? new SwipeReply(_completers.GetValueOrDefault((uid, other)) == uid && kind != SwipeKind.Dislike, Repeated: true)
                    : null;
            }

            _swipes.Add((uid, other), kind);
            if (kind == SwipeKind.Superlike)
                Push(other);
            var matched = kind != SwipeKind.Dislike && Likes(other, uid);
            if (matched)
            {
                _completers[(uid, other)] = _completers[(other, uid)] = uid;
                _friends.UnionWith([(uid, other), (other, uid)]);
                Push(uid);
                Push(other);
            }

            return new SwipeReply(matched, Repeated: false);
        }

        public bool Unfriend(long uid, long other)
        {
            if (!_friends.Remove((uid, other)))
                return false;
            _friends.Remove((other, uid));
            Push(other);
            return true;
        }

        public void Block(long uid, long other)
        {
            if (_blocks.Add((uid, other)))
                Unfriend(uid, other);
        }

        public void Unblock(long uid, long other) => _blocks.Remove((uid, other));

        private void Push(long uid) => _pushes[uid] = PushesTo(uid) + 1;

        private bool Likes(long uid, long other) => _swipes.TryGetValue((uid, other), out var kind) && kind != SwipeKind.Dislike;
    }
}
