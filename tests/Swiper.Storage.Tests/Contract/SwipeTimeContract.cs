using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>
/// A user's swipes have later and later times, whatever the clock says: so it is certain which was the last, and each match and each
/// superlike is told from those before.
/// </summary>
[Collection(nameof(ClusterCollection))]
public sealed class SwipeTimeContract(ClusterServers servers) : EngineContract(servers)
{
    private const int Many = 8;

    private static readonly long Hour = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    [Theory, OnEveryEngine]
    public async Task Swipes_of_the_same_instant_are_taken_back_in_reverse_order(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(1 + Many);
        var (me, others, now) = (people[0], people[1..], Now);
        // As they come from a connection that does not wait for replies: of some engine, in one batch.
        await Task.WhenAll(others.Select(other => Engine.Swipes.SwipeAsync(me, other, SwipeKind.Like, now).AsTask()));

        var times = new List<long>();
        foreach (var other in others)
            times.Add(Assert.Single(await Engine.Likes.ReadAsync(other, null, 10)).At);
        Assert.Equal(times.Order().Distinct(), times);
        Assert.InRange(times[^1], now, now + Many);
        foreach (var last in others.Reverse().Take(SwipeRules.RewindsADay))
            Assert.Equal(last, (await Engine.Swipes.RewindAsync(me, now)).Value.Sid);
    }

    [Theory]
    [OnEveryEngine(false)]
    [OnEveryEngine(true)]
    public async Task The_last_swipe_is_that_which_was_made_last_also_where_the_clock_has_gone_back(EngineKind engine, bool restarts)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(4);
        var (me, others, now) = (people[0], people[1..], Now);
        await SwipeAsync(me, others[0], at: now);
        await ReopenIfAsync();
        await SwipeAsync(me, others[1], at: now - Hour);
        await ReopenIfAsync();
        Assert.Equal(others[1], (await Engine.Swipes.RewindAsync(me, now - Hour)).Value.Sid);
        // What was taken back counts, too.
        await ReopenIfAsync();
        await SwipeAsync(me, others[2], at: now - Hour);

        var first = Assert.Single(await Engine.Likes.ReadAsync(others[0], null, 10)).At;
        Assert.Equal(first + 2, Assert.Single(await Engine.Likes.ReadAsync(others[2], null, 10)).At);
        Assert.Equal(others[2], (await Engine.Swipes.RewindAsync(me, now - Hour)).Value.Sid);
        Assert.Equal(others[0], (await Engine.Swipes.RewindAsync(me, now - Hour)).Value.Sid);

        async Task ReopenIfAsync()
        {
            if (restarts)
                await ReopenAsync();
        }
    }

    [Theory, OnEveryEngine]
    public async Task Each_match_of_a_pair_and_each_end_of_one_is_pushed_also_within_one_instant(EngineKind engine)
    {
        await StartAsync(engine);
        // Of the same shard and of different ones.
        foreach (var pair in (await NewPeopleAsync(2 * Many)).Chunk(2))
        {
            var (ann, bob, now) = (pair[0], pair[1], Now);
            await SwipeAsync(ann, bob, at: now);
            Assert.True((await SwipeAsync(bob, ann, at: now)).Matched);
            // Each of the two in turn, so that each completes some: neither's times alone tell the matches apart.
            foreach (var (uid, other) in new[] { (ann, bob), (bob, ann), (ann, bob), (bob, ann) })
            {
                Assert.Equal(other, (await RewindToTheEndAsync(uid, now)).Sid);
                Assert.True((await SwipeAsync(uid, other, at: now)).Matched);
            }

            Assert.True((await Engine.Friends.EndAsync(ann, bob, now)).IsOk);
            await QuietAsync();
            Assert.Equal([(Opcode.Matched, 5), (Opcode.Unmatched, 2)], await KindsAsync(ann));
            Assert.Equal([(Opcode.Matched, 5), (Opcode.Unmatched, 3)], await KindsAsync(bob));
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_superlike_that_is_made_anew_within_the_same_instant_is_pushed_again(EngineKind engine)
    {
        await StartAsync(engine);
        foreach (var pair in (await NewPeopleAsync(2 * Many)).Chunk(2))
        {
            var now = Now;
            await SwipeAsync(pair[0], pair[1], SwipeKind.Superlike, at: now);
            await RewindToTheEndAsync(pair[0], now);
            await SwipeAsync(pair[0], pair[1], SwipeKind.Superlike, at: now);

            Assert.Equal([(Opcode.Superliked, 2)], await KindsAsync(pair[1]));
        }
    }

    private async Task<(Opcode, int)[]> KindsAsync(long uid) =>
        [.. (await PushesAsync(uid)).CountBy(push => push.Opcode).Select(kind => (kind.Key, kind.Value)).Order()];
}
