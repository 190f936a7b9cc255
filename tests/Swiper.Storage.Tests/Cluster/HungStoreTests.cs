using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Tests.MySql;
using SwipeKind = Swiper.Core.Social.SwipeKind;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>
/// A shard or a Redis that hangs holds up only what can't do without it, and when it is back all is as if it had never been away.
/// </summary>
[Collection(nameof(ClusterCollection))]
public sealed class HungStoreTests : IClassFixture<MariaDbServer>, IAsyncDisposable
{
    private readonly MariaDbServer _second;
    private readonly TestCluster _cluster;

    public HungStoreTests(ClusterServers servers, MariaDbServer second)
    {
        _second = second;
        _cluster = new TestCluster(servers, second);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Of_one_batch_those_that_a_hung_shard_has_no_part_in_are_answered_and_the_others_are_right_once_it_is_back()
    {
        var host = await _cluster.StartHostAsync();
        var here = new long[6];
        for (var i = 0; i < here.Length; i++)
            here[i] = await host.NewUidAsync(0);
        var (ann, bob, eve) = (here[0], here[1], here[2]);
        var (there, fan) = (await host.NewUidAsync(1), await host.NewUidAsync(1));
        // Likes that will be answered; and the lane is taken.
        await host.SwipeAsync(bob, ann);
        await host.SwipeAsync(there, ann);
        _second.Pause();
        try
        {
            // While this row is locked the lane is in one batch, and all that comes meanwhile is in the next.
            using var blocker = _cluster.Connect(0);
            blocker.Begin();
            blocker.Query("SELECT node FROM lanes WHERE node = @p0 FOR UPDATE", [host.Engine.Node], static _ => { });
            var first = host.SwipeAsync(eve, ann);
            // Not by innodb_trx, which whoever asks for more often than ten times a second is told from memory.
            await _cluster.UntilAsync(
                () => _cluster.Count(0,
                    "information_schema.global_status WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS' AND variable_value > 0") == 1,
                "the lane waiting for the row");
            Task<SwipeReply>[] free =
            [
                host.SwipeAsync(ann, bob), host.SwipeAsync(eve, bob, SwipeKind.Superlike), host.SwipeAsync(bob, eve),
                host.SwipeAsync(eve, there, SwipeKind.Dislike),
                host.SwipeAsync(here[3], here[4]), host.SwipeAsync(here[4], here[3], SwipeKind.Superlike),
            ];
            Task[] bound =
                [host.FailToSwipeAsync(ann, there), host.FailToSwipeAsync(bob, fan, SwipeKind.Superlike), host.FailToSwipeAsync(eve, fan)];
            blocker.Rollback();
            await first;
            var replies = await Task.WhenAll(free);
            await Task.WhenAll(bound);
            // All of that while the shard hangs; and it was one batch.
            Assert.Equal([9L], _cluster.Query(0, "SELECT COUNT(*) FROM swiped GROUP BY batch HAVING COUNT(*) > 1")[0]);
            Assert.Equal([true, false, true, false], replies[..4].Select(reply => reply.Matched));
            Assert.True(replies[4].Matched ^ replies[5].Matched);
            await _cluster.UntilAsync(() =>
                _cluster.Count(0, "journal") == 1, "a journal with what the shard is needed for, and nothing else");
        }
        finally
        {
            _second.Continue();
        }

        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Equal(new SwipeReply(Matched: true, Repeated: true), await host.SwipeAsync(ann, there));
        Assert.Equal(new SwipeReply(Matched: false, Repeated: true), await host.SwipeAsync(bob, fan, SwipeKind.Superlike));
        Assert.True(await host.AreFriendsAsync(there, ann));
        Assert.Equal((Opcode.Matched, ann), Told(Assert.Single(await host.PushesAsync(there))));
        Assert.Equal((Opcode.Superliked, bob), Told(Assert.Single(await host.PushesAsync(fan))));
        Assert.Equal(new[] { bob, eve }.Order(), (await host.LikersAsync(fan)).Order());
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Fact]
    public async Task While_redis_hangs_swipes_are_answered_and_decks_are_right_and_the_index_catches_up_afterwards()
    {
        var host = await _cluster.StartHostAsync();
        var me = await host.NewPersonAsync(0);
        var people = await host.NewUidsAsync(8);
        await host.SwipeAsync(me.Uid, people[0]);
        await _cluster.AwaitEmptyJournalsAsync();
        _cluster.Redis.Freeze();
        try
        {
            Assert.True((await host.SwipeAsync(people[0], me.Uid)).Matched);
            await host.SwipeAsync(people[1], me.Uid, SwipeKind.Superlike);
            await host.SwipeAsync(people[2], me.Uid);
            Assert.False((await host.SwipeAsync(me.Uid, people[3], SwipeKind.Dislike)).Matched);
            Assert.True((await host.SwipeAsync(me.Uid, people[2])).Matched);
            Assert.Equal([people[1]], await host.LikersAsync(me.Uid));
            var deck = await host.DeckAsync(me);
            Assert.Equal(people[1], deck[0]);
            Assert.Equal(people[4..].Order(), deck[1..].Order());
            await Assert.ThrowsAsync<StoreUnavailableException>(() =>
                host.Engine.Boards.TopAsync(Core.Ranking.BoardName.All, 10).AsTask());
            // The index has still to hear of all of them, and the journal says that nothing else is left.
            Assert.Equal(5, _cluster.CountAll("journal WHERE answered = 1"));
            Assert.Equal(5, _cluster.CountAll("journal"));
        }
        finally
        {
            _cluster.Redis.Thaw();
        }

        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Empty(await _cluster.CompareAsync());
        Assert.Equal([people[1]], await host.LikersAsync(me.Uid));
        Assert.Equal(people[1], (await host.DeckAsync(me))[0]);
    }

    [Fact]
    public async Task What_was_answered_while_redis_hung_is_told_to_the_index_by_the_next_start()
    {
        var host = await _cluster.StartHostAsync();
        var people = await host.NewUidsAsync(6);
        _cluster.Redis.Freeze();
        foreach (var uid in people[1..])
            await host.SwipeAsync(uid, people[0], SwipeKind.Superlike);
        await _cluster.StopAsync(host);
        _cluster.Redis.Thaw();
        host = await _cluster.StartHostAsync();
        await _cluster.AwaitEmptyJournalsAsync();

        Assert.Empty(await _cluster.CompareAsync());
        Assert.Equal(35, (await _cluster.BoardsOf(host).RankOfAsync(Core.Ranking.BoardName.All, people[0]))?.Score);
        Assert.Equal(people[1..].Order(), (await host.LikersAsync(people[0])).Order());
        Assert.Equal(5, (await host.PushesAsync(people[0])).Count);
    }

    private static (Opcode, long) Told(StoredPush push) => (push.Opcode, push.Subject);
}
