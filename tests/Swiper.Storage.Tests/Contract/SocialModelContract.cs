using System.Globalization;
using CsCheck;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Core.Vip;
using Swiper.Storage.Records;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What people do, mostly to each other.</summary>
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
    Report,

    /// <summary>By those who come next after the reported user: as many as it takes.</summary>
    ReportTogether,

    Clear,
    Remove,
    Grant,
    Revoke,
    LogIn,
    SignOutOne,
    SignOutOthers,

    /// <summary>A connection comes back, with more or fewer of the pushes.</summary>
    Resume,

    /// <summary>The index is lost, and built anew, meanwhile.</summary>
    EmptyIndex,

    /// <summary>It is a day later, and another process.</summary>
    Overnight,
}

/// <param name="Deed">What is done.</param>
/// <param name="Who">By whom.</param>
/// <param name="Whom">To whom; or a number to choose by.</param>
internal readonly record struct Step(Deed Deed, int Who, int Whom)
{
    /// <summary>Everybody who has to do with it.</summary>
    public IEnumerable<int> People(int all) => Deed == Deed.ReportTogether
        ? [Who, Whom, .. Reporters(all)] : [Who, Whom];

    public IEnumerable<int> Reporters(int all)
    {
        var whom = Whom;
        return Enumerable.Range(1, ReportRules.Reporters).Select(next => (whom + next) % all);
    }
}

/// <summary>
/// Random deeds of all kinds, with nights, restarts and losses of the index in between: each is answered as a plain model in memory says,
/// and the two then see what the model says they see; in the end everybody does.
/// </summary>
[Collection(nameof(ClusterCollection))]
public sealed class SocialModelContract(ClusterServers servers) : EngineContract(servers)
{
    private const int People = 20;

    // Of whom a few do most: so that they meet several times.
    private const int Regulars = 3;

    private const int MostLikes = 2;

    // Sequences that run at the same time, each among its own people: they share commits.
    private const int AtOnce = 64;

    // A sequence takes some milliseconds on the embedded engine, and 50 times that on the cluster.
    private static readonly int EmbeddedCases = Cases(10_000);
    private static readonly int ClusterCases = Math.Max(1, EmbeddedCases / 150);

    private readonly MovedClock _clock = new();
    private readonly SemaphoreSlim _running = new(AtOnce);
    private readonly SemaphoreSlim _restarting = new(1);
    private int _places;

    protected override TimeProvider Clock => _clock;

    [Theory, OnEveryEngine]
    public async Task Whatever_people_do_they_get_and_see_what_the_model_says(EngineKind engine)
    {
        await StartAsync(engine);
        var (cases, step) = engine == EngineKind.Embedded
            ? (EmbeddedCases, AnyStep(stepsANight: 10_000)) : (ClusterCases, AnyStep(stepsANight: 150, stepsALoss: 100));
        await step.Array[1, 30].SampleAsync(
            RunAsync, iter: cases, threads: AtOnce, print: static steps => string.Join(", ", steps.Select(Shown)));

        static string Shown(Step step) => $"{step.Deed}({step.Who}, {step.Whom})";
    }

    private static int Cases(int usually) => int.Parse(
        Environment.GetEnvironmentVariable("SWIPER_MODEL_CASES") ?? usually.ToString(CultureInfo.InvariantCulture),
        CultureInfo.InvariantCulture);

    /// <param name="stepsANight">In so many steps there is one night.</param>
    /// <param name="stepsALoss">In so many steps the index is lost once; never where 0.</param>
    private static Gen<Step> AnyStep(int stepsANight, int stepsALoss = 0)
    {
        var deed = Gen.Frequency(
            (12, Gen.Const(Deed.Like)), (6, Gen.Const(Deed.LimitedLike)), (6, Gen.Const(Deed.Superlike)), (2, Gen.Const(Deed.Dislike)),
            (8, Gen.Const(Deed.Unfriend)), (6, Gen.Const(Deed.Block)), (6, Gen.Const(Deed.Unblock)), (8, Gen.Const(Deed.Rewind)),
            (2, Gen.Const(Deed.Report)), (2, Gen.Const(Deed.ReportTogether)), (1, Gen.Const(Deed.Clear)), (1, Gen.Const(Deed.Remove)),
            (3, Gen.Const(Deed.Grant)), (1, Gen.Const(Deed.Revoke)), (3, Gen.Const(Deed.LogIn)), (1, Gen.Const(Deed.SignOutOne)),
            (1, Gen.Const(Deed.SignOutOthers)), (5, Gen.Const(Deed.Resume)));
        var rare = stepsALoss == 0
            ? Gen.Frequency((stepsANight, deed), (1, Gen.Const(Deed.Overnight)))
            : Gen.Frequency(
                (stepsANight * stepsALoss, deed), (stepsALoss, Gen.Const(Deed.Overnight)), (stepsANight, Gen.Const(Deed.EmptyIndex)));
        return Gen.Select(
            rare, Somebody(0), Somebody(1), static (deed, who, distance) => new Step(deed, who, (who + distance) % People));
    }

    private static Gen<int> Somebody(int from) => Gen.Frequency((4, Gen.Int[from, Regulars - 1]), (1, Gen.Int[from, People - 1]));

    private async Task RunAsync(Step[] steps)
    {
        // Only they are in each other's decks. Who has nothing to do with anything would only be looked at.
        var place = $"place {Interlocked.Increment(ref _places)}";
        var numbers = steps.SelectMany(step => step.People(People)).Distinct().ToArray();
        var profiles = new Profile[People];
        await WhileRunningAsync(() => Task.WhenAll(numbers.Select(async number => profiles[number] = await NewPersonAsync(
            profile => profile with { DatingSex = Sex.Female, Location = place, DatingLocation = place }))));
        var model = new SocialModel();
        foreach (var step in steps)
        {
            if (step.Deed == Deed.Overnight)
            {
                await PassNightAsync();
                continue;
            }

            await WhileRunningAsync(async () =>
            {
                model.Continue(Now);
                var (who, whom) = (profiles[step.Who], profiles[step.Whom]);
                await DoAsync(model, step, profiles);
                if (step.Deed > Deed.Remove)
                    return;
                await Eventually.HoldsAsync(
                    async () => await ProblemAsync(model, who, [whom]) is null && await ProblemAsync(model, whom, [who]) is null,
                    $"what the model says after {step}");
            });
        }

        await WhileRunningAsync(async () =>
        {
            model.Continue(Now);
            var all = numbers.Select(number => profiles[number]).ToArray();
            foreach (var number in numbers)
            {
                var problem = await ProblemAsync(model, profiles[number], all);
                Assert.True(problem is null, $"{problem} of {number} after all");
                await VerifyAsync(model, profiles[number].Uid);
            }
        });
    }

    private async Task WhileRunningAsync(Func<Task> what)
    {
        await _running.WaitAsync();
        try
        {
            await what();
        }
        finally
        {
            _running.Release();
        }
    }

    private async Task PassNightAsync()
    {
        await _restarting.WaitAsync();
        for (var others = 0; others < AtOnce; others++)
            await _running.WaitAsync();
        try
        {
            _clock.PassDay();
            await ReopenAsync();
            // Those that are due, and those that have been begun.
            var ends = new { kind = (int)FollowUpKind.VipEnded, now = Now };
            await Eventually.HoldsAsync(
                async () => await CountAsync("follow_ups WHERE kind = @kind AND (due <= @now OR attempts > 0)", ends) == 0,
                "the ends of levels");
        }
        finally
        {
            _running.Release(AtOnce);
            _restarting.Release();
        }
    }

    private Task DoAsync(SocialModel model, Step step, Profile[] profiles)
    {
        var (uid, other) = (profiles[step.Who].Uid, profiles[step.Whom].Uid);
        return step.Deed switch
        {
            Deed.Unfriend => UnfriendAsync(model, uid, other),
            Deed.Block or Deed.Unblock => ChangeBlockAsync(model, step.Deed, uid, other),
            Deed.Rewind => RewindAsync(model, uid),
            Deed.Report => ReportAsync(model, [uid], other),
            Deed.ReportTogether => ReportAsync(model, [.. step.Reporters(People).Select(number => profiles[number].Uid)], other),
            Deed.Clear => DecideAsync(model, other, ReportDecision.Clear),
            Deed.Remove => DecideAsync(model, other, ReportDecision.Remove),
            Deed.Grant => GrantAsync(model, uid, step.Whom),
            Deed.Revoke => RevokeAsync(model, uid),
            Deed.LogIn => LogInAsync(model, profiles[step.Who]),
            Deed.SignOutOne => SignOutAsync(model, uid, step.Whom),
            Deed.SignOutOthers => SignOutAsync(model, uid, number: null),
            Deed.Resume => VerifyResumedAsync(model, uid, step.Whom % (model.PushesTo(uid).Count + 2)),
            Deed.EmptyIndex => EmptyIndexAsync(),
            _ => SwipeAsync(model, step.Deed, uid, other),
        };
    }

    private async Task SwipeAsync(SocialModel model, Deed deed, long uid, long other)
    {
        // The handler refuses it before it gets to the repository.
        if (Engine.Blocks.AreBlocked(uid, other))
            return;
        var kind = deed == Deed.LimitedLike ? SwipeKind.Like : Enum.Parse<SwipeKind>(deed.ToString());
        var most = deed == Deed.LimitedLike ? MostLikes : int.MaxValue;
        var answer = await Engine.Swipes.SwipeAsync(uid, other, kind, Now, most);
        Assert.Equal(model.Swipe(uid, other, kind, most), answer.IsOk ? answer.Value : answer.Failure.Code);
    }

    private async Task UnfriendAsync(SocialModel model, long uid, long other)
    {
        var expected = model.Unfriend(uid, other) ? StatusCode.Ok : StatusCode.NotFriends;
        Assert.Equal(expected, (await Engine.Friends.EndAsync(uid, other, Now)).Failure.Code);
    }

    private async Task ChangeBlockAsync(SocialModel model, Deed deed, long uid, long other)
    {
        if (deed == Deed.Block)
        {
            model.Block(uid, other);
            await Engine.Blocks.BlockAsync(uid, other, Now);
        }
        else
        {
            model.Unblock(uid, other);
            await Engine.Blocks.UnblockAsync(uid, other, Now);
        }
    }

    private async Task RewindAsync(SocialModel model, long uid)
    {
        var rewound = await Engine.Swipes.RewindAsync(uid, Now);
        Assert.Equal(model.Rewind(uid), rewound.IsOk ? rewound.Value : rewound.Failure.Code);
        if (rewound.IsOk)
            await AwaitRewoundAsync(uid, rewound.Value.Sid);
    }

    private async Task ReportAsync(SocialModel model, long[] reporters, long uid)
    {
        foreach (var reporter in reporters)
        {
            model.Report(reporter, uid);
            Assert.True((await Engine.Reports.ReportAsync(reporter, uid, ReportReason.Spam, text: null, Now)).IsOk);
        }
    }

    private async Task DecideAsync(SocialModel model, long uid, ReportDecision decision) =>
        Assert.Equal(model.Decide(uid, decision), await Engine.Reports.DecideAsync(uid, decision, Now));

    private async Task GrantAsync(SocialModel model, long uid, int number)
    {
        var (level, days, now) = (1 + (number % VipLevel.Highest), number % 2 == 0 ? 1 : 30, Now);
        var granted = await Engine.Vip.GrantAsync(uid, level, days, now);
        Assert.Equal(model.Grant(uid, level, days, now), granted.IsOk ? granted.Value : null);
        VerifyLevel(model, uid);
    }

    private async Task RevokeAsync(SocialModel model, long uid)
    {
        model.Revoke(uid);
        Assert.True((await Engine.Vip.RevokeAsync(uid, Now)).IsOk);
        VerifyLevel(model, uid);
    }

    private async Task LogInAsync(SocialModel model, Profile profile)
    {
        var device = SigningIn.NewDevice(profile.Uid, Now);
        model.LogIn(profile.Uid, device.TokenId);
        Assert.False(await Engine.Accounts.SignInAsync(device, profile.Phone, "test", Now));
    }

    /// <param name="model">The model.</param>
    /// <param name="uid">Whose devices.</param>
    /// <param name="number">Chooses one of them; all but the first if null.</param>
    private async Task SignOutAsync(SocialModel model, long uid, int? number)
    {
        var devices = model.DevicesOf(uid).ToArray();
        if (devices.Length == 0)
            return;
        long? device = number is { } chosen ? devices[chosen % devices.Length] : null;
        Assert.True(await Engine.Devices.SignOutAsync(uid, asker: devices[0], device));
        var gone = device is { } one ? [one] : devices[1..];
        model.SignOut(uid, gone);
        foreach (var token in gone)
            Assert.True(await Engine.Devices.IsRevokedAsync(uid, token));
    }

    /// <summary>What somebody sees of others that the model does not say; null if there is nothing.</summary>
    private async Task<string?> ProblemAsync(SocialModel model, Profile me, Profile[] others)
    {
        var uid = me.Uid;
        var friends = (await Engine.Friends.ReadAsync(uid, null, 100)).Select(friend => friend.Uid).ToHashSet();
        var blocked = (await Engine.Blocks.ReadAsync(uid, null, 100)).Select(person => person.Uid).ToHashSet();
        // As the handler shows them.
        var likers = (await Engine.Likes.ReadAsync(uid, null, 100)).Select(like => like.Uid)
            .Where(liker => !Engine.Blocks.AreBlocked(uid, liker) && !Engine.Blocks.AreFormerFriends(uid, liker)).ToHashSet();
        var deck = (await Engine.Decks.DrawAsync(me, 100, WireTime.Day(Now))).People.Select(person => person.Uid).ToHashSet();
        foreach (var other in others.Select(profile => profile.Uid).Where(other => other != uid))
        {
            if (friends.Contains(other) != model.AreFriends(uid, other))
                return "friends";
            if (blocked.Contains(other) != model.HasBlocked(uid, other)
                || Engine.Blocks.AreBlocked(uid, other) != (model.HasBlocked(uid, other) || model.HasBlocked(other, uid)))
                return "blocks";
            if (likers.Contains(other) != model.IsLikedBy(uid, other))
                return "likes";
            if (deck.Contains(other) != model.IsOnDeckOf(uid, other))
                return "deck";
            if (Engine.Blocks.AreFormerFriends(uid, other) != model.AreApart(uid, other))
                return "former friends";
        }

        return null;
    }

    private async Task VerifyAsync(SocialModel model, long uid)
    {
        await VerifyResumedAsync(model, uid, seq: 0);
        VerifyLevel(model, uid);
        Assert.Equal(
            model.DevicesOf(uid).Order(),
            (await Engine.Devices.ReadAsync(uid, current: 0, Now)).Select(device => device.DeviceId).Order());
        Assert.Equal(model.LikesOf(uid), (await Engine.Swipes.ReadUseAsync(uid, WireTime.DayNumber(Now))).Likes);
        // The others go on, so the boards of a cluster never settle.
        var score = model.ScoreOf(uid);
        await Eventually.HoldsAsync(async () => await ScoreOfAsync(uid) == score, $"a score of {score}");
    }

    /// <summary>Null while the boards are being built anew.</summary>
    private async Task<long?> ScoreOfAsync(long uid)
    {
        try
        {
            return (await Engine.Boards.RankOfAsync(BoardName.All, uid))?.Score ?? 0;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private async Task VerifyResumedAsync(SocialModel model, long uid, long seq)
    {
        var (lastSeq, sent) = await ResumeAsync(uid, seq);
        Assert.Equal(model.PushesTo(uid).Count, lastSeq);
        Assert.Equal(model.ResumedFrom(uid, seq), sent.Select(Seen));

        static (Opcode, long, long, long) Seen(ServerFrame push)
        {
            switch ((Opcode)push.Id)
            {
                case Opcode.Missed:
                    var missed = PayloadBytes.Read<MissedPush>(push.Content);
                    return (Opcode.Missed, missed.FromSeq, missed.ToSeq, 0);
                case Opcode.Vip:
                    return (Opcode.Vip, push.Code, push.Code, SocialModel.SubjectOf(PayloadBytes.Read<VipPush>(push.Content)));
                case Opcode.Unmatched:
                    return (Opcode.Unmatched, push.Code, push.Code, PayloadBytes.Read<UnmatchedPush>(push.Content).Uid);
                default:
                    return ((Opcode)push.Id, push.Code, push.Code, PayloadBytes.Read<PersonPush>(push.Content).Uid);
            }
        }
    }

    private void VerifyLevel(SocialModel model, long uid)
    {
        Assert.Equal(model.LevelOf(uid), Engine.Vip.StatusOf(uid).At(Now));
        var policy = new PermissionPolicy(Engine.Vip, Clock);
        foreach (var permission in Enum.GetValues<Permission>())
            Assert.Equal(model.May(uid, permission), policy.Has(uid, permission));
    }

    /// <summary>Goes as the real one does, from noon on, and may pass a day at once.</summary>
    private sealed class MovedClock : TimeProvider
    {
        private readonly TimeSpan _toNoon = TimeSpan.FromHours(12) - DateTimeOffset.UtcNow.TimeOfDay;
        private int _days;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _toNoon + TimeSpan.FromDays(Volatile.Read(ref _days));

        public void PassDay() => Interlocked.Increment(ref _days);
    }
}
