using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Social;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Records;
using Swiper.Storage.Sharding;
using Swiper.Storage.Social;

namespace Swiper.Storage.Tests.Embedded;

/// <summary>What a start does of what the last process left, and what it says of it.</summary>
public sealed class IndexRebuildTests : IDisposable
{
    private const int Shards = 4;
    private const int LeftOver = 3142;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_a_clean_stop_nothing_is_mended_and_nothing_is_said()
    {
        await RunAsync(async engine =>
        {
            var people = await NewPeopleAsync(engine, 12);
            foreach (var uid in people[1..])
            {
                await SwipeAsync(engine, uid, people[0], SwipeKind.Superlike);
                await SwipeAsync(engine, people[0], uid, SwipeKind.Like);
            }
        });
        var before = Rows();
        Assert.All(before, shard => Assert.Equal(0, shard.FollowUps));
        Assert.Empty(await RunAsync(_ => Task.CompletedTask));
        Assert.Equal(before, Rows());
    }

    [Fact]
    public async Task What_the_last_process_left_is_done_and_nothing_that_merely_is_not_there()
    {
        var people = Array.Empty<long>();
        await RunAsync(async engine =>
        {
            people = await NewPeopleAsync(engine, 6);
            for (var i = 1; i < people.Length; i++)
                await SwipeAsync(engine, people[i], people[0], SwipeKind.Superlike);
            await SwipeAsync(engine, people[0], people[1], SwipeKind.Like);
            await SwipeAsync(engine, people[0], people[2], SwipeKind.Like);
        });
        // As if the process had been killed before it wrote the notice of the last superlike and one side of the match with the first of
        // them. The other match is gone without a trace of what was to be done.
        var map = new ShardMap(Shards);
        using (var data = DataFolder.Open(_folder, Shards))
        {
            var mine = data.WriterOf(map.ShardOf(people[0]));
            mine.Execute(
                $"DELETE FROM pushes WHERE uid = {people[0]} AND (op = {(int)Opcode.Matched} OR subject = {people[5]})");
            mine.Execute($"DELETE FROM friends WHERE uid = {people[0]}");
            Leave(mine, people[0], people[1], SwipeKind.Like);
            Leave(data.WriterOf(map.ShardOf(people[5])), people[5], people[0], SwipeKind.Superlike);
        }

        var log = await RunAsync(async engine =>
        {
            // Whatever is written after the start is written after what was left.
            var (_, pushes) = await engine.Pushes.ReadAfterAsync(people[0], 0);
            Assert.Equal(people[1..5], pushes.Take(4).Select(push => push.Subject));
            Assert.Equal(
                [(Opcode.Matched, people[1]), (Opcode.Superliked, people[5])],
                pushes.Skip(4).Select(push => (push.Opcode, push.Subject)).Order());
            Assert.True(await engine.Friends.AreFriendsAsync(people[0], people[1]));
            Assert.False(await engine.Friends.AreFriendsAsync(people[0], people[2]));
        });
        Assert.Equal(
            (LeftOver, LogLevel.Warning, "Doing follow-ups that the last process left: 2"), Assert.Single(log));
        Assert.Empty(await RunAsync(_ => Task.CompletedTask));
    }

    [Fact]
    public async Task A_rewind_that_the_last_process_left_is_brought_to_its_end()
    {
        var people = Array.Empty<long>();
        await RunAsync(async engine =>
        {
            people = await NewPeopleAsync(engine, 4);
            foreach (var uid in people[1..])
                await SwipeAsync(engine, uid, people[0], SwipeKind.Superlike);
            await SwipeAsync(engine, people[0], people[2], SwipeKind.Like);
            await SwipeAsync(engine, people[0], people[1], SwipeKind.Like);
        });
        // As if the process had been killed right after the commit of the rewind.
        var rewound = new TakenBackSwipe(people[0], people[1], SwipeKind.Like, _clock.NowMs(), _clock.NowMs());
        using (var data = DataFolder.Open(_folder, Shards))
        {
            var mine = data.WriterOf(new ShardMap(Shards).ShardOf(people[0]));
            mine.Execute($"UPDATE swiped SET kind = {rewound.RowKind} WHERE uid = {people[0]} AND sid = {people[1]}");
            mine.Execute($"INSERT INTO rewinds (uid, day, used) VALUES ({people[0]}, {WireTime.DayNumber(_clock.NowMs())}, 1)");
            mine.Execute(
                $"""
                INSERT INTO follow_ups (kind, uid, payload, due, attempts)
                VALUES ({(int)FollowUpKind.Rewound}, {people[0]}, x'{Convert.ToHexString(PayloadBytes.Of(rewound))}', {long.MaxValue}, 0)
                """);
        }

        var log = await RunAsync(async engine =>
        {
            Assert.False(await engine.Friends.AreFriendsAsync(people[0], people[1]));
            Assert.False(await engine.Friends.AreFriendsAsync(people[1], people[0]));
            Assert.True(await engine.Friends.AreFriendsAsync(people[0], people[2]));
            var (_, pushes) = await engine.Pushes.ReadAfterAsync(people[1], 0);
            Assert.Equal((Opcode.Unmatched, people[0]), (pushes[^1].Opcode, pushes[^1].Subject));
            Assert.Equal(
                [people[3], people[1]], (await engine.Likes.ReadAsync(people[0], null, 10)).Select(like => like.Uid));
            Assert.Equal(
                new DayUse(Likes: 1, Rewinds: 1), await engine.Swipes.ReadUseAsync(people[0], WireTime.DayNumber(_clock.NowMs())));
            // What is left of the swipe is gone, so the two may meet anew.
            Assert.Equal(
                new SwipeReply(Matched: true, Repeated: false),
                (await engine.Swipes.SwipeAsync(people[0], people[1], SwipeKind.Superlike, _clock.NowMs())).Value);
        });
        Assert.Equal(
            (LeftOver, LogLevel.Warning, "Doing follow-ups that the last process left: 1"), Assert.Single(log));
    }

    private void Leave(SqliteConnection shard, long uid, long sid, SwipeKind kind)
    {
        var payload = new MessagePackWriter(new byte[SwipeFollowUp.MaxBytes]);
        new SwipeFollowUp(uid, sid, kind, _clock.NowMs()).Write(ref payload);
        shard.Execute(
            $"""
            INSERT INTO follow_ups (kind, uid, payload, due, attempts)
            VALUES ({(int)FollowUpKind.Swiped}, {sid}, x'{Convert.ToHexString(payload.Written)}', {long.MaxValue}, 0)
            """);
    }

    private async Task<IReadOnlyList<(int Id, LogLevel Level, string Message)>> RunAsync(Func<IStorageEngine, Task> use)
    {
        var log = new RecordedLog<EmbeddedStorage>();
        await using (var engine = new EmbeddedStorage(
            new EmbeddedOptions(_folder, Shards, CachedProfiles: 100, CodeRules.Standard), new SessionRegistry(), _clock, log))
        {
            await engine.StartAsync(TestContext.Current.CancellationToken);
            await use(engine);
        }
        return [.. log.Entries.Where(entry => entry.Id == LeftOver).Select(entry => (entry.Id, entry.Level, entry.Message))];
    }

    private (long Pushes, long Friends, long FollowUps)[] Rows()
    {
        using var data = DataFolder.Open(_folder, Shards);
        return [.. Enumerable.Range(0, Shards).Select(data.WriterOf).Select(shard =>
            (shard.ReadInt64("SELECT count(*) FROM pushes"), shard.ReadInt64("SELECT count(*) FROM friends"),
                shard.ReadInt64("SELECT count(*) FROM follow_ups")))];
    }

    private async Task<long[]> NewPeopleAsync(IStorageEngine engine, int count)
    {
        var people = Enumerable.Range(1, count).Select(i => new Profile
        {
            Uid = engine.NewUid(), Phone = $"+9990000{i:D5}", Sex = Sex.Female, DatingSex = Sex.Male, Created = _clock.NowMs(),
        }).ToArray();
        foreach (var created in await Task.WhenAll(people.Select(person => engine.CreateUserAsync(person).AsTask())))
            Assert.True(created);
        return [.. people.Select(person => person.Uid)];
    }

    private async Task SwipeAsync(IStorageEngine engine, long uid, long sid, SwipeKind kind)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var outcome = await engine.Swipes.SwipeAsync(uid, sid, kind, _clock.NowMs());
        Assert.True(outcome.IsOk, outcome.Failure.Message);
    }
}
