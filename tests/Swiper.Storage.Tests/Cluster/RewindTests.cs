using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Cluster;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.Records;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;
using Swiper.Storage.Social;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>Rewinds and the likes of a day where several hosts, and Redis, have a part in them.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class RewindTests(ClusterServers servers) : IAsyncDisposable
{
    private const int Gone = 700;

    private readonly TestCluster _cluster = new(servers);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_day_has_no_more_likes_on_two_hosts_than_on_one()
    {
        await Wait.UntilMidnightIsFarAsync();
        const int most = 40;
        var (here, there) = (await _cluster.StartHostAsync(), await _cluster.StartHostAsync());
        var me = await here.NewUidAsync();
        var others = await here.NewUidsAsync(100);
        await _cluster.UntilAsync(async () => await there.Engine.Accounts.FindAsync(others[^1]) is not null, "the other host knows them");

        var outcomes = await Task.WhenAll(others.Select((other, i) => Task.Run(() =>
            (i % 2 == 0 ? here : there).Engine.Swipes.SwipeAsync(me, other, SwipeKind.Like, here.Now, most).AsTask())));

        Assert.Equal(most, outcomes.Count(outcome => outcome.IsOk));
        Assert.All(outcomes.Where(outcome => !outcome.IsOk), outcome => Assert.Equal(StatusCode.LikeQuota, outcome.Failure.Code));
        Assert.Equal(most, _cluster.CountAll("swiped"));
        Assert.Equal(new DayUse(most, Rewinds: 0), await there.Engine.Swipes.ReadUseAsync(me, WireTime.DayNumber(here.Now)));
    }

    [Fact]
    public async Task A_swipe_made_on_one_host_is_taken_back_on_another_and_made_anew_on_the_first()
    {
        var (here, there) = (await _cluster.StartHostAsync(), await _cluster.StartHostAsync());
        await _cluster.AwaitTrustAsync();
        for (var round = 0; round < 10; round++)
        {
            var (ann, bob) = (await here.NewUidAsync(0), await here.NewUidAsync(1));
            await _cluster.UntilAsync(async () => await there.Engine.Accounts.FindAsync(bob) is not null, "the other host knows them");
            await there.SwipeAsync(bob, ann, SwipeKind.Superlike);
            Assert.True((await here.SwipeAsync(ann, bob)).Matched);

            Assert.Equal(bob, (await there.Engine.Swipes.RewindAsync(ann, there.Now)).Value.Sid);
            // The reply does not wait for long for what follows.
            await _cluster.UntilAsync(() => _cluster.CountAll("follow_ups") == 0, "an empty outbox");
            Assert.False(await here.AreFriendsAsync(bob, ann));
            Assert.False((await here.SwipeAsync(ann, bob, SwipeKind.Dislike)).Repeated);
        }

        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Fact]
    public async Task A_host_whose_clock_is_behind_knows_which_swipe_was_the_last()
    {
        var (here, there) = (await _cluster.StartHostAsync(), await _cluster.StartHostAsync());
        var me = await here.NewUidAsync();
        var others = await here.NewUidsAsync(6);
        await _cluster.UntilAsync(async () => await there.Engine.Accounts.FindAsync(others[^1]) is not null, "the other host knows them");
        foreach (var (index, other) in others.Index())
        {
            var (host, now) = index % 2 == 0 ? (here, here.Now) : (there, there.Now - 60_000);
            await Task.WhenAll(host.SwipeAsync(me, other, at: now), host.SwipeAsync(other, me, SwipeKind.Dislike, at: now));
        }

        Assert.Equal(others.Length, _cluster.Query(0, "SELECT COUNT(DISTINCT at) FROM swiped WHERE uid = @p0", me)[0][0]
            + _cluster.Query(1, "SELECT COUNT(DISTINCT at) FROM swiped WHERE uid = @p0", me)[0][0]);
        foreach (var last in others.Reverse().Take(SwipeRules.RewindsADay))
            Assert.Equal(last, (await there.Engine.Swipes.RewindAsync(me, there.Now - 60_000)).Value.Sid);
    }

    [Fact]
    public async Task Swipes_and_rewinds_of_each_other_on_two_hosts_leave_an_index_that_agrees_with_the_truth()
    {
        var hosts = new[] { await _cluster.StartHostAsync(), await _cluster.StartHostAsync() };
        await _cluster.AwaitTrustAsync();
        for (var round = 0; round < 5; round++)
        {
            var people = await hosts[0].NewUidsAsync(6);
            await _cluster.UntilAsync(
                async () => await hosts[1].Engine.Accounts.FindAsync(people[^1]) is not null, "the other host knows them");
            await Task.WhenAll(people.SelectMany(uid => hosts.Select(host => Task.Run(async () =>
            {
                var random = new Random((int)uid);
                for (var i = 0; i < 12; i++)
                {
                    var other = people[random.Next(people.Length)];
                    if (i % 4 == 3)
                        await host.Engine.Swipes.RewindAsync(uid, host.Now);
                    else if (other != uid)
                        await host.Engine.Swipes.SwipeAsync(uid, other, (SwipeKind)random.Next(1, 4), host.Now);
                    // Whoever reads lets go of answered likes.
                    await host.LikersAsync(uid);
                }
            }))));

            await _cluster.AwaitEmptyJournalsAsync();
            await _cluster.UntilAsync(() => _cluster.CountAll("follow_ups") == 0, "an empty outbox");
            await _cluster.AwaitEmptyJournalsAsync();
            Assert.Empty(await _cluster.CompareAsync());
            Assert.Equal(0, _cluster.CountAll("swiped WHERE kind > 3"));
            foreach (var uid in people)
            {
                foreach (var other in people.Where(other => other != uid))
                    Assert.Equal(Likes(uid, other) && Likes(other, uid), await hosts[0].AreFriendsAsync(uid, other));
            }
        }

        bool Likes(long uid, long other) => _cluster.CountAll($"swiped WHERE uid = {uid} AND sid = {other} AND kind < 3") > 0;
    }

    [Fact]
    public async Task Without_redis_a_rewind_is_done_and_the_person_may_be_swiped_anew_once_it_is_back()
    {
        var host = await _cluster.StartHostAsync();
        await _cluster.AwaitTrustAsync();
        var (ann, bob) = (await host.NewUidAsync(0), await host.NewUidAsync(1));
        await host.SwipeAsync(bob, ann);
        await host.SwipeAsync(ann, bob);
        _cluster.Redis.Freeze();

        Assert.Equal(bob, (await host.Engine.Swipes.RewindAsync(ann, host.Now)).Value.Sid);
        await _cluster.UntilAsync(async () => !await host.AreFriendsAsync(bob, ann), "the friendship has ended");
        Assert.Single(await host.PushesAsync(bob), push => push.Opcode == Opcode.Unmatched);
        await host.FailToSwipeAsync(ann, bob);
        Assert.Equal(new[] { bob }, await host.LikersAsync(ann));

        _cluster.Redis.Thaw();
        await _cluster.UntilAsync(() => _cluster.CountAll("swiped WHERE kind > 3") == 0, "the swipe is gone");
        Assert.True((await host.SwipeAsync(ann, bob)).Matched);
        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Fact]
    public async Task A_rewind_that_a_host_left_behind_is_brought_to_its_end_by_another()
    {
        var host = await _cluster.StartHostAsync();
        var (ann, bob) = (await host.NewUidAsync(0), await host.NewUidAsync(1));
        await host.SwipeAsync(bob, ann);
        var at = host.Now;
        await host.SwipeAsync(ann, bob, at: at);
        await _cluster.AwaitEmptyJournalsAsync();

        // As if another host had been killed right after the commit. What it had read of bob's like is not right any more.
        var batch = new BatchIds(Gone, TimeProvider.System).Next();
        var swipe = new TakenBackSwipe(ann, bob, SwipeKind.Like, at, at + 1);
        _cluster.Shard(0).Execute("UPDATE swiped SET kind = 4, batch = @p0 WHERE uid = @p1", batch, ann);
        _cluster.Shard(0).Execute("INSERT INTO lanes (node, epoch, last_batch) VALUES (@p0, 1, @p1)", Gone, batch);
        _cluster.Shard(0).Execute(
            "INSERT INTO journal (batch, node, owner, answered, swipes) VALUES (@p0, @p1, @p2, 0, @p3)",
            batch, Gone, Guid.NewGuid().ToByteArray(),
            JournalRow.Pack(
                [
                    new(ann, bob, SwipeKind.Like, at, SwipeChange.TakenBack),
                    new(bob, ann, SwipeKind.Dislike, 0, SwipeChange.Reopened),
                ],
                [true, true]));
        _cluster.Shard(0).Execute(
            "INSERT INTO follow_ups (kind, uid, payload, due, attempts) VALUES (@p0, @p1, @p2, 0, 0)",
            (int)FollowUpKind.Rewound, ann, PayloadBytes.Of(swipe));

        await _cluster.UntilAsync(() => _cluster.CountAll("swiped") == 1, "the swipe is gone");
        await _cluster.UntilAsync(() => _cluster.CountAll("follow_ups") == 0, "an empty outbox");
        Assert.Equal(0, _cluster.CountAll("friends"));
        Assert.Equal(
            new StoredPush(2, Opcode.Unmatched, ann, at + 1), (await host.PushesAsync(bob))[^1] with { Data = null });
        Assert.Equal(new[] { bob }, await host.LikersAsync(ann));
        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Empty(await _cluster.CompareAsync());
        Assert.True((await host.SwipeAsync(ann, bob, SwipeKind.Superlike)).Matched);
    }

    [Fact]
    public async Task A_follow_up_that_is_done_once_more_does_not_take_the_next_swipe_from_the_index()
    {
        var host = await _cluster.StartHostAsync();
        await _cluster.AwaitTrustAsync();
        var (ann, bob) = (await host.NewUidAsync(0), await host.NewUidAsync(1));
        await host.SwipeAsync(bob, ann);
        var at = host.Now;
        await host.SwipeAsync(ann, bob, SwipeKind.Dislike, at);
        Assert.Equal(bob, (await host.Engine.Swipes.RewindAsync(ann, host.Now)).Value.Sid);
        await _cluster.UntilAsync(() => _cluster.CountAll("follow_ups") == 0, "an empty outbox");
        await host.SwipeAsync(ann, bob, SwipeKind.Dislike);

        // Another host has been at it all the time, and knows nothing of bob's like yet.
        var parts = ((ClusterStorage)host.Engine).Parts;
        await new ClusterRewinds(parts.Swipes, parts.Records).WhenIndexedAsync(
            new TakenBackSwipe(ann, bob, SwipeKind.Dislike, at, at + 1));

        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Empty(await host.LikersAsync(ann));
        Assert.Empty(await _cluster.CompareAsync());
    }
}
