using Swiper.Core.Protocol;
using Swiper.Storage.Records;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>
/// A match is written in both users' shards, one after the other, and a block may come in between: it ends that match as it ends a
/// friendship. Matches that come about after an unblock are others.
/// </summary>
[Collection(nameof(ClusterCollection))]
public sealed class BlockedMatchContract(ClusterServers servers) : EngineContract(servers)
{
    // Enough for people of the same shard and of different ones.
    private const int Pairs = 6;

    [Theory]
    [OnEveryEngine(true, true)]
    [OnEveryEngine(true, false)]
    [OnEveryEngine(false, true)]
    [OnEveryEngine(false, false)]
    public async Task A_match_that_is_written_after_a_block_is_over_for_good(
        EngineKind engine, bool isOthersHalfThere, bool blockerCompleted)
    {
        await StartAsync(engine);
        foreach (var pair in (await NewPeopleAsync(2 * Pairs)).Chunk(2))
        {
            var (blocker, other) = (pair[0], pair[1]);
            var (first, second) = blockerCompleted ? (other, blocker) : (blocker, other);
            var at = Now;
            await SwipeAsync(first, second, at: at);
            Assert.True((await SwipeAsync(second, first, at: at)).Matched);
            await QuietAsync();
            await UnwriteAsync(blocker, other);
            if (!isOthersHalfThere)
                await UnwriteAsync(other, blocker);

            await Engine.Blocks.BlockAsync(blocker, other, Now);
            await QuietAsync();
            var isTold = (await PushesAsync(other)).Any(push => push.Opcode == Opcode.Unmatched);
            Assert.Equal(isOthersHalfThere, isTold);

            await MatchLateAsync(second, first, at);
            await QuietAsync();
            await AssertApartAsync(blocker, other);
            await Engine.Blocks.UnblockAsync(blocker, other, Now);
            await QuietAsync();
            await AssertApartAsync(blocker, other);
            // Nobody is told of a match of which nothing is left.
            Assert.DoesNotContain(await PushesAsync(blocker), push => push.Opcode == Opcode.Matched);
            Assert.Equal(isOthersHalfThere, (await PushesAsync(other)).Any(push => push.Opcode == Opcode.Matched));
            await ReopenAsync();
            await AssertApartAsync(blocker, other);
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_match_that_is_being_taken_back_is_not_ended_by_a_block_as_well(EngineKind engine)
    {
        await StartAsync(engine);
        foreach (var pair in (await NewPeopleAsync(2 * Pairs)).Chunk(2))
        {
            var (blocker, other) = (pair[0], pair[1]);
            await SwipeAsync(blocker, other);
            Assert.True((await SwipeAsync(other, blocker)).Matched);
            await QuietAsync();
            // The rewind has come so far that the blocker has lost the friend.
            await Records.RunAsync(other, session =>
                session.ExecuteAsync("UPDATE swiped SET kind = kind + 3 WHERE uid = @other AND sid = @blocker", new { blocker, other }));
            await UnwriteAsync(blocker, other);

            await Engine.Blocks.BlockAsync(blocker, other, Now);
            await QuietAsync();
            Assert.DoesNotContain(await PushesAsync(other), push => push.Opcode == Opcode.Unmatched);
            // Which the rewind will remove.
            Assert.Equal(1, await CountAsync("friends WHERE uid = @other AND fid = @blocker AND ended = 0", new { blocker, other }));
        }
    }

    [Theory]
    [OnEveryEngine(false, false)]
    [OnEveryEngine(true, false)]
    [OnEveryEngine(false, true)]
    public async Task Those_who_had_not_liked_each_other_both_match_after_an_unblock(EngineKind engine, bool blockerLiked, bool otherLiked)
    {
        await StartAsync(engine);
        foreach (var pair in (await NewPeopleAsync(2 * Pairs)).Chunk(2))
        {
            var (blocker, other) = (pair[0], pair[1]);
            if (blockerLiked)
                await SwipeAsync(blocker, other);
            if (otherLiked)
                await SwipeAsync(other, blocker);
            await Engine.Blocks.BlockAsync(blocker, other, Now);
            await QuietAsync();
            await Engine.Blocks.UnblockAsync(blocker, other, Now);
            await QuietAsync();
            await AssertApartAsync(blocker, other);

            if (!blockerLiked)
                await SwipeAsync(blocker, other);
            if (!otherLiked)
                Assert.True((await SwipeAsync(other, blocker)).Matched);
            await QuietAsync();
            Assert.True(await Engine.Friends.AreFriendsAsync(blocker, other));
            Assert.True(await Engine.Friends.AreFriendsAsync(other, blocker));
            foreach (var uid in pair)
                Assert.Single(await PushesAsync(uid), push => push.Opcode == Opcode.Matched);
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_match_that_a_host_let_pass_before_it_heard_of_the_block_ends_with_the_unblock(EngineKind engine)
    {
        await StartAsync(engine);
        foreach (var pair in (await NewPeopleAsync(2 * Pairs)).Chunk(2))
        {
            var (blocker, other) = (pair[0], pair[1]);
            await SwipeAsync(blocker, other);
            await Engine.Blocks.BlockAsync(blocker, other, Now);
            await QuietAsync();
            // The handler refuses it once it knows of the block.
            Assert.True((await SwipeAsync(other, blocker, at: Now + 1)).Matched);
            await QuietAsync();
            await Engine.Blocks.UnblockAsync(blocker, other, Now);
            await QuietAsync();
            await AssertApartAsync(blocker, other);
            await ReopenAsync();
            await AssertApartAsync(blocker, other);
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_block_whose_second_half_was_cut_off_ends_the_match_for_both_though_the_like_was_taken_back(EngineKind engine)
    {
        await StartAsync(engine);
        foreach (var pair in (await NewPeopleAsync(2 * Pairs)).Chunk(2))
        {
            var (blocker, other) = (pair[0], pair[1]);
            await SwipeAsync(blocker, other);
            Assert.True((await SwipeAsync(other, blocker)).Matched);
            await QuietAsync();
            var at = Now;
            await Records.RunAsync(other, session => session.ExecuteAsync(
                "UPDATE friends SET ended = @at WHERE uid = @other AND fid = @blocker", new { at, other, blocker }));
            await UnwriteAsync(blocker, other);
            await Records.RunAsync(other, session => session.ExecuteAsync(
                "DELETE FROM swiped WHERE uid = @other AND sid = @blocker", new { other, blocker }));

            await Records.RunAsync(blocker, async session =>
            {
                await session.FollowUpAsync(FollowUpKind.LikeBlocked, other, Ended(blocker, at));
                return true;
            });
            await QuietAsync();
            Assert.Equal(1, await CountAsync("friends WHERE uid = @blocker AND fid = @other AND ended > 0", new { blocker, other }));
        }

        static byte[] Ended(long by, long at)
        {
            var payload = new MessagePackWriter(stackalloc byte[20]);
            payload.WriteArrayHeader(2);
            payload.WriteInt64(by);
            payload.WriteInt64(at);
            return payload.Written.ToArray();
        }
    }

    // As long as a half is on its way, its row and its push are not there.
    private async Task UnwriteAsync(long uid, long other)
    {
        await Records.RunAsync(uid, async session =>
        {
            await session.ExecuteAsync("DELETE FROM friends WHERE uid = @uid AND fid = @other", new { uid, other });
            await session.ExecuteAsync("DELETE FROM pushes WHERE uid = @uid AND subject = @other", new { uid, other });
            return true;
        }).ConfigureAwait(false);
        await Task.Yield();
    }

    private async Task AssertApartAsync(long uid, long other)
    {
        Assert.False(await Engine.Friends.AreFriendsAsync(uid, other));
        Assert.False(await Engine.Friends.AreFriendsAsync(other, uid));
        Assert.Empty(await Engine.Friends.ReadAsync(uid, null, 100));
        Assert.Empty(await Engine.Friends.ReadAsync(other, null, 100));
    }
}
