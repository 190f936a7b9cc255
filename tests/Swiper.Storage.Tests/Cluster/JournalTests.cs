using System.Globalization;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>What a host that is gone left in the journal is brought to its end by another one, once.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class JournalTests(ClusterServers servers) : IAsyncDisposable
{
    private static readonly long At = Recently.At;
    private const int Gone = 700;

    private readonly byte[] _gone = Guid.NewGuid().ToByteArray();
    private readonly byte[] _there = Guid.NewGuid().ToByteArray();
    private readonly TestCluster _cluster = new(servers, clock: new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
    private readonly BatchIds _batches = new(Gone, TimeProvider.System);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_running_host_and_one_that_starts_do_what_is_left_to_do(bool running)
    {
        var host = await _cluster.StartHostAsync();
        var (ann, bob, eve, ida) =
            (await host.NewUidAsync(0), await host.NewUidAsync(1), await host.NewUidAsync(0), await host.NewUidAsync(1));
        await host.SwipeAsync(bob, ann);
        await host.SwipeAsync(ida, ann);
        if (!running)
            await _cluster.StopAsync(host);
        var batch = Plant(0, answered: false,
            [
                new(ann, bob, SwipeKind.Like, At), new(ann, eve, SwipeKind.Superlike, At + 1), new(ann, ida, SwipeKind.Dislike, At + 2),
                new(eve, ann, SwipeKind.Superlike, At + 3),
            ]);
        if (!running)
            host = await _cluster.StartHostAsync();
        await _cluster.AwaitEmptyJournalsAsync();

        Assert.True(await host.AreFriendsAsync(ann, bob));
        Assert.True(await host.AreFriendsAsync(eve, ann));
        Assert.False(await host.AreFriendsAsync(ann, ida));
        Assert.Equal([new StoredPush(1, Opcode.Matched, ann, At)], await host.PushesAsync(bob));
        Assert.Empty(await host.PushesAsync(ida));
        var between = (await host.PushesAsync(eve)).Single(push => push.Opcode == Opcode.Matched);
        Assert.True(between.At == At + 1 || between.At == At + 3, $"{between.At - At}");
        Assert.Equal(
            [(Opcode.Matched, bob, At), (Opcode.Matched, eve, between.At), (Opcode.Superliked, eve, At + 3)],
            Sorted(await host.PushesAsync(ann)));
        Assert.Equal([(Opcode.Matched, ann, between.At), (Opcode.Superliked, ann, At + 1)], Sorted(await host.PushesAsync(eve)));
        // Whoever asks again is answered as if nothing had happened in between.
        Assert.Equal(new SwipeReply(Matched: true, Repeated: true), await host.SwipeAsync(ann, bob));
        Assert.Equal(new SwipeReply(Matched: false, Repeated: true), await host.SwipeAsync(bob, ann));
        Assert.True((await host.SwipeAsync(ann, eve, SwipeKind.Superlike)).Matched ^ (await host.SwipeAsync(eve, ann, SwipeKind.Superlike))
            .Matched);
        await AssertIndexedAsync(batch, ann, bob, eve, ida);
    }

    [Fact]
    public async Task What_was_answered_only_the_index_has_to_hear_of()
    {
        var host = await _cluster.StartHostAsync();
        var (ann, bob) = (await host.NewUidAsync(0), await host.NewUidAsync(1));
        var batch = Plant(0, answered: true, [new(ann, bob, SwipeKind.Superlike, At)]);
        await _cluster.AwaitEmptyJournalsAsync();

        // The push that tells of it was written before it was answered.
        Assert.Empty(await host.PushesAsync(bob));
        Assert.Equal([ann], await host.LikersAsync(bob));
        await AssertIndexedAsync(batch, ann, bob);
    }

    [Fact]
    public async Task What_is_marked_as_settled_is_not_done_again()
    {
        var host = await _cluster.StartHostAsync();
        var (ann, bob, eve) = (await host.NewUidAsync(0), await host.NewUidAsync(1), await host.NewUidAsync(1));
        var batch =
            Plant(0, answered: false, [new(ann, bob, SwipeKind.Superlike, At), new(ann, eve, SwipeKind.Superlike, At)], [true, false]);
        await _cluster.AwaitEmptyJournalsAsync();

        Assert.Empty(await host.PushesAsync(bob));
        Assert.Equal([new StoredPush(1, Opcode.Superliked, ann, At)], await host.PushesAsync(eve));
        await AssertIndexedAsync(batch, ann, bob, eve);
    }

    [Fact]
    public async Task What_was_done_already_though_not_marked_changes_nothing_when_it_is_done_again()
    {
        var host = await _cluster.StartHostAsync();
        var (ann, bob) = (await host.NewUidAsync(0), await host.NewUidAsync(1));
        await host.SwipeAsync(ann, bob, SwipeKind.Superlike, At);
        await host.SwipeAsync(bob, ann, SwipeKind.Superlike, At + 1);
        var (anns, bobs) = (await host.PushesAsync(ann), await host.PushesAsync(bob));
        await _cluster.AwaitEmptyJournalsAsync();
        // Cut off just before the row was deleted, a lane each.
        for (var shard = 0; shard < 2; shard++)
        {
            var batch = _cluster.Query(shard, "SELECT batch FROM swiped")[0][0];
            var swipe = shard == 0
                ? new IndexedSwipe(ann, bob, SwipeKind.Superlike, At)
                : new IndexedSwipe(bob, ann, SwipeKind.Superlike, At + 1);
            PlantRow(shard, batch, BatchIds.NodeOf(batch), answered: false, JournalRow.Pack([swipe], []));
        }
        await _cluster.StopAsync(host);
        host = await _cluster.StartHostAsync();
        await _cluster.AwaitEmptyJournalsAsync();

        Assert.Equal(anns, await host.PushesAsync(ann));
        Assert.Equal(bobs, await host.PushesAsync(bob));
        Assert.Equal(7, (await _cluster.BoardsOf(host).RankOfAsync(Core.Ranking.BoardName.All, ann))?.Score);
        Assert.Equal(new SwipeReply(Matched: true, Repeated: true), await host.SwipeAsync(bob, ann, SwipeKind.Superlike));
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Fact]
    public async Task Many_batches_are_all_taken_up()
    {
        const int batches = 1_500;
        var host = await _cluster.StartHostAsync();
        var people = await host.NewUidsAsync(80);
        var swipers = people.Where(uid => uid % 2 == 0).ToArray();
        var pairs = (from uid in swipers from sid in people where uid != sid select (uid, sid)).Take(batches).ToArray();
        Assert.Equal(batches, pairs.Length);
        _cluster.Shard(0).Begin();
        var last = pairs.Select((pair, index) => Plant(0, answered: false, [new(pair.uid, pair.sid, SwipeKind.Like, At + index)])).Last();
        _cluster.Shard(0).Commit();
        await _cluster.AwaitEmptyJournalsAsync();

        var matches = pairs.Count(pair => pair.uid < pair.sid && pairs.Contains((pair.sid, pair.uid)));
        Assert.True(matches > 50);
        Assert.Equal(2 * matches, _cluster.CountAll("friends"));
        Assert.Equal(2 * matches, _cluster.CountAll("pushes"));
        await AssertIndexedAsync(last, pairs[^1].uid);
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Fact]
    public async Task What_a_host_that_is_there_has_open_is_left_to_it_until_its_lease_is_over()
    {
        const int there = 701;
        var host = await _cluster.StartHostAsync();
        var (ann, bob) = (await host.NewUidAsync(0), await host.NewUidAsync(0));
        _cluster.Shard(0).Execute("INSERT INTO nodes (node, owner, epoch, until) VALUES (@p0, @p1, 1, @p2)", there, _there, long.MaxValue);
        var open = Plant(0, answered: false, [new(ann, bob, SwipeKind.Superlike, At)], node: there);
        Plant(0, answered: false, [new(bob, ann, SwipeKind.Superlike, At)]);
        // Once the one planted last is gone, somebody has looked at both.
        await _cluster.UntilAsync(() => _cluster.Count(0, "journal WHERE node = @p0", Gone) == 0, "the batch of the host that is gone");
        Assert.Equal(1, _cluster.Count(0, "journal WHERE batch = @p0", open));
        Assert.DoesNotContain(await host.PushesAsync(bob), push => push.Opcode == Opcode.Superliked);

        _cluster.Shard(0).Execute("UPDATE nodes SET until = 0 WHERE node = @p0", there);
        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Single(await host.PushesAsync(bob), push => push.Opcode == Opcode.Superliked);
    }

    [Fact]
    public async Task A_row_that_can_not_be_read_holds_up_no_other_and_is_kept()
    {
        var host = await _cluster.StartHostAsync();
        var (ann, bob) = (await host.NewUidAsync(0), await host.NewUidAsync(1));
        PlantRow(0, _batches.Next(), Gone, answered: false, [1, 2, 3]);
        Plant(0, answered: false, [new(ann, bob, SwipeKind.Superlike, At)]);
        await _cluster.UntilAsync(() => _cluster.Count(0, "journal") == 1, "the row that can be read");
        Assert.Single(await host.PushesAsync(bob));

        // Also where it is the host's own number, whose lane has to be taken up before it commits anything.
        await _cluster.StopAsync(host);
        _cluster.Shard(0).Execute("UPDATE journal SET node = 0");
        host = await _cluster.StartHostAsync();
        await host.SwipeAsync(ann, await host.NewUidAsync());
        await _cluster.UntilAsync(() => _cluster.Count(0, "journal") == 1, "a journal with that row only");
    }

    private static IEnumerable<(Opcode, long, long)> Sorted(IEnumerable<StoredPush> pushes) =>
        pushes.Select(push => (push.Opcode, push.Subject, push.At)).OrderBy(push => (push.Opcode, push.At));

    /// <summary>As if a host had committed the swipes and been killed.</summary>
    private long Plant(int shard, bool answered, IndexedSwipe[] swipes, bool[]? settled = null, int node = Gone)
    {
        var batch = node == Gone ? _batches.Next() : new BatchIds(node, TimeProvider.System).Next();
        var connection = _cluster.Shard(shard);
        foreach (var swipe in swipes)
        {
            connection.Execute(
                "INSERT INTO swiped (uid, sid, kind, at, batch) VALUES (@p0, @p1, @p2, @p3, @p4)", swipe.Uid, swipe.Sid, (int)swipe.Kind,
                swipe.At, batch);
        }
        connection.Execute("INSERT INTO lanes (node, epoch, last_batch) VALUES (@p0, 1, @p1) ON DUPLICATE KEY UPDATE last_batch = @p1",
            node, batch);
        PlantRow(shard, batch, node, answered, JournalRow.Pack(swipes, settled));
        return batch;
    }

    private void PlantRow(int shard, long batch, int node, bool answered, byte[] swipes) => _cluster.Shard(shard).Execute(
        "INSERT INTO journal (batch, node, owner, answered, swipes) VALUES (@p0, @p1, @p2, @p3, @p4)",
        batch, node, node == Gone ? _gone : _there, answered ? 1 : 0, swipes);

    private async Task AssertIndexedAsync(long batch, params long[] uids)
    {
        foreach (var uid in uids)
        {
            var applied = (await _cluster.ReadIndexAsync(uid)).Applied;
            Assert.True(applied.Any(mark => mark.Batch >= batch),
                string.Create(CultureInfo.InvariantCulture, $"{uid} has not heard of batch {batch}"));
        }
        Assert.Empty(await _cluster.CompareAsync());
    }
}
