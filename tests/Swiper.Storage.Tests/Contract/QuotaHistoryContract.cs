using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;
using Swiper.Tests.Shared.Histories;

namespace Swiper.Storage.Tests.Contract;

/// <summary>
/// A user who swipes, rewinds and looks at what is left on several connections at once: one order of it all explains every answer, and in
/// none does the user get more likes or rewinds than a day has.
/// </summary>
[Collection(nameof(ClusterCollection))]
public sealed class QuotaHistoryContract(ClusterServers servers) : EngineContract(servers)
{
    private const int LikesADay = 4;
    private const int Users = 20;
    private const int Others = 8;
    private const int Connections = 4;
    private const int DeedsEach = 12;

    private long _instant;
    private int _connections;

    [Theory, OnEveryEngine]
    public async Task One_order_of_likes_and_rewinds_made_at_once_explains_all_answers(EngineKind engine)
    {
        await StartAsync(engine);
        // Far from the end of a day.
        _instant = SwipeRules.EndOfDay(Now) - (long)TimeSpan.FromHours(12).TotalMilliseconds;
        var others = new long[Others];
        for (var index = 0; index < Others; index++)
            others[index] = (await NewPersonAsync()).Uid;
        var users = new long[Users];
        for (var index = 0; index < Users; index++)
            users[index] = (await NewPersonAsync()).Uid;

        var seed = int.TryParse(Environment.GetEnvironmentVariable("SWIPER_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"SWIPER_SEED={seed}");
        await Task.WhenAll(users.Select((uid, index) => PlayAsync(uid, others, seed + index)));
    }

    private async Task PlayAsync(long uid, long[] others, int seed)
    {
        var today = WireTime.DayNumber(_instant);
        var history = new ConcurrentQueue<Operation<UserDeed>>();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            var (number, random) = (Interlocked.Increment(ref _connections), SeededRandom.Of(seed, connection));
            for (var done = 0; done < DeedsEach; done++)
            {
                var invoked = Stopwatch.GetTimestamp();
                var deed = await DoAsync(uid, others[random.Next(Others)], today, random.Next(10));
                history.Enqueue(new(number, deed, invoked / 1000, Stopwatch.GetTimestamp() / 1000, IsAnswered: deed.Code is not null));
            }
        })));

        var model = new UserModel(LikesADay, SwipeRules.RewindsADay);
        if (Linearizability.Check(model, history) is { } violation)
            Assert.Fail($"{uid}: {Linearizability.Shrink(model, violation)}");
    }

    private async Task<UserDeed> DoAsync(long uid, long sid, int today, int what)
    {
        switch (what)
        {
            case < 6:
                var kind = what < 5 ? SwipeKind.Like : SwipeKind.Superlike;
                try
                {
                    var swiped = await Engine.Swipes.SwipeAsync(uid, sid, kind, NextInstant(), LikesADay);
                    return new UserDeed(UserAct.Swipe, sid, (int)kind, CodeOf(swiped), swiped.IsOk && swiped.Value.Repeated);
                }
                catch (StoreUnavailableException)
                {
                    // The rewind of an earlier swipe of this person takes long.
                    return new UserDeed(UserAct.Swipe, sid, (int)kind);
                }

            case < 8:
                var rewound = await Engine.Swipes.RewindAsync(uid, NextInstant());
                return rewound.IsOk
                    ? new UserDeed(
                        UserAct.Rewind, rewound.Value.Sid, (int)rewound.Value.Kind, StatusCode.Ok, RewindsLeft: rewound.Value.LeftToday)
                    : new UserDeed(UserAct.Rewind, Code: CodeOf(rewound));
            default:
                var use = await Engine.Swipes.ReadUseAsync(uid, today);
                return new UserDeed(
                    UserAct.UndoLeft, Code: StatusCode.Ok, RewindsLeft: SwipeRules.RewindsADay - use.Rewinds,
                    LikesLeft: LikesADay - use.Likes);
        }
    }

    private static StatusCode CodeOf<T>(Outcome<T> outcome) => outcome.IsOk ? StatusCode.Ok : outcome.Failure.Code;

    // Of two swipes at the same instant, either may be the last one.
    private long NextInstant() => Interlocked.Increment(ref _instant);
}
