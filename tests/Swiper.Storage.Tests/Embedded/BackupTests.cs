using System.Collections.Concurrent;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Backups;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Tests.Embedded;

/// <summary>Backups of an engine that is in use, and what is restored of them.</summary>
public sealed class BackupTests : IDisposable
{
    private const int Shards = 4;
    private const long Fast = 1_000_000_000;

    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_backup_is_of_one_moment_in_all_shards_and_has_all_that_was_acknowledged_before_it_began()
    {
        await using var engine = await OpenAsync(Data);
        var people = await MakePeopleAsync(engine, 600);
        var acknowledged = new ConcurrentDictionary<(long Uid, long Sid), SwipeKind>();
        using var enough = new CancellationTokenSource();
        var storm = SwipeAsync(engine, people, acknowledged, enough.Token);

        for (var round = 0; round < 3; round++)
        {
            var more = acknowledged.Count + 500;
            await Eventually.HoldsAsync(() => acknowledged.Count >= more || storm.IsCompleted, "some swipes");
            var before = acknowledged.ToArray();
            var made = await BackUpAsync(engine, $"backup-{round}");
            var restored = _folder.File($"restored-{round}");
            var manifest = BackupRestore.Run(_folder.File($"backup-{round}"), restored, TimeProvider.System, _ => { });
            Assert.Equal((Shards, made.Moment), (manifest.Shards, manifest.Moment));

            // It does what was left to be done, as after a kill.
            await using (var again = await OpenAsync(restored))
            {
                foreach (var ((uid, sid), kind) in before)
                    Assert.True((await again.Swipes.SwipeAsync(uid, sid, kind, Now())).Value.Repeated, $"{uid} -> {sid} is lost");
                await NothingIsLeftAsync(again);
            }

            var problems = new List<string>();
            DataCheck.Run(restored, problems.Add);
            Assert.Empty(problems);
        }

        await enough.CancelAsync();
        await storm;
    }

    [Fact]
    public async Task No_shard_commits_while_the_moment_is_taken()
    {
        await using var engine = await OpenAsync(Data);
        var people = await MakePeopleAsync(engine, 100);
        var acknowledged = new ConcurrentDictionary<(long Uid, long Sid), SwipeKind>();
        using var enough = new CancellationTokenSource();
        var storm = SwipeAsync(engine, people, acknowledged, enough.Token);
        await Eventually.HoldsAsync(() => !acknowledged.IsEmpty || storm.IsCompleted, "some swipes");

        engine.Parts.BetweenCommits(() =>
        {
            var before = CountSwipes();
            // Sixteen want to swipe, and they wait somewhere among four lanes.
            Eventually.Holds(() => engine.Parts.Shards.Sum(shard => shard.Lane.Unfinished) > 0 || storm.IsCompleted, "lanes that wait");
            for (var look = 0; look < 20; look++)
                Assert.Equal(before, CountSwipes());
        });

        await enough.CancelAsync();
        await storm;
        Assert.Equal(acknowledged.Count, CountSwipes());

        long CountSwipes() => Enumerable.Range(0, Shards).Sum(shard =>
        {
            using var reader = SqliteConnection.OpenReader(DataFolder.FileOf(Data, shard));
            return reader.ReadInt64("SELECT count(*) FROM swiped");
        });
    }

    [Fact]
    public async Task Any_bit_that_flips_in_a_backup_and_any_file_that_is_missing_keep_it_from_being_restored()
    {
        await MakeBackupAsync("backup");
        var random = new Random(9);
        var files = Directory.GetFiles(_folder.File("backup"), "*", SearchOption.AllDirectories);
        // Four shards, a key, the manifest and its sum.
        Assert.Equal(7, files.Length);
        foreach (var file in files)
        {
            var content = await File.ReadAllBytesAsync(file, Cancellation);
            for (var flip = 0; flip < 5; flip++)
            {
                var changed = content.ToArray();
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                await File.WriteAllBytesAsync(file, changed, Cancellation);
                Assert.Contains(Path.GetFileName(file), Assert.Throws<DamagedBackupException>(Restore).Message, StringComparison.Ordinal);
            }

            await File.WriteAllBytesAsync(file, content[..^1], Cancellation);
            Assert.Throws<DamagedBackupException>(Restore);
            File.Delete(file);
            Assert.Contains(Path.GetFileName(file), Assert.Throws<DamagedBackupException>(Restore).Message, StringComparison.Ordinal);
            await File.WriteAllBytesAsync(file, content, Cancellation);
        }

        Restore();
        // Nothing of those that were refused is left.
        Assert.DoesNotContain(DataFolder.Restoring, Directory.GetDirectories(_folder.File("restored")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Pushes_are_numbered_beyond_all_that_were_ever_given()
    {
        long uid, fan;
        await using (var engine = await OpenAsync(Data))
        {
            var people = await MakePeopleAsync(engine, 3);
            (uid, fan) = (people[0], people[1]);
            await engine.Swipes.SwipeAsync(fan, uid, SwipeKind.Superlike, Now());
            await NothingIsLeftAsync(engine);
            await BackUpAsync(engine, "backup");
            Assert.Equal((1, 0), (await engine.Pushes.ReadLastSeqAsync(uid), await engine.Pushes.ReadLastSeqAsync(fan)));
        }

        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var last = 1L;
        for (var time = 0; time < 3; time++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var restored = _folder.File($"restored-{time}");
            BackupRestore.Run(_folder.File("backup"), restored, clock, _ => { });
            await using var again = await OpenAsync(restored);
            var kept = await again.Pushes.ReadAfterAsync(uid, 0);
            Assert.Equal(1, Assert.Single(kept.Pushes).Seq);
            Assert.InRange(kept.LastSeq, last + BackupRestore.PushesASecond, 1L << 53);
            Assert.Equal(kept.LastSeq, await again.Pushes.ReadLastSeqAsync(fan));
            last = kept.LastSeq;
        }
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_or_in_use_is_not_restored_into_and_what_a_kill_has_left_is_no_data()
    {
        await MakeBackupAsync("backup");
        Directory.CreateDirectory(_folder.File("restored"));
        await File.WriteAllTextAsync(Path.Combine(_folder.File("restored"), "notes"), "", Cancellation);
        Assert.Contains("not empty (notes)", Assert.Throws<DataFolderException>(Restore).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder.File("restored"), "notes"));
        using (DataFolderLock.Take(_folder.File("restored")))
            Assert.Contains("in use", Assert.Throws<DataFolderException>(Restore).Message, StringComparison.Ordinal);

        var left = Directory.CreateDirectory(Path.Combine(_folder.File("restored"), DataFolder.Restoring)).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "shard-0.db"), "half of it", Cancellation);
        var refusal = Assert.Throws<DataFolderException>(() => DataFolder.Open(_folder.File("restored"), Shards)).Message;
        Assert.Contains("run it again", refusal, StringComparison.Ordinal);
        Restore();
        using (DataFolder.Open(_folder.File("restored"), Shards))
            Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task A_folder_that_is_there_and_one_that_can_not_be_made_are_refused()
    {
        await using var engine = await OpenAsync(Data);
        await BackUpAsync(engine, "backup");
        Assert.Contains("already exists", await RefusedAsync("backup"), StringComparison.Ordinal);
        Assert.Contains("is not a folder", await RefusedAsync(Path.Combine("nowhere", "backup")), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder.File("file"), "", Cancellation);
        Assert.Contains("is not a folder", await RefusedAsync(Path.Combine("file", "backup")), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.File("killed" + OnlineBackup.Unfinished));
        Assert.Contains("a backup that was killed", await RefusedAsync("killed"), StringComparison.Ordinal);
        Assert.True(Directory.Exists(_folder.File("killed" + OnlineBackup.Unfinished)));

        async Task<string> RefusedAsync(string name) =>
            (await Assert.ThrowsAsync<BackupException>(() => BackUpAsync(engine, name))).Message;
    }

    [Fact]
    public async Task No_more_bytes_a_second_are_copied_than_is_said_and_nothing_is_left_of_a_backup_that_is_cancelled()
    {
        const long Rate = 100_000;
        var step = TimeSpan.FromMilliseconds(100);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var engine = await OpenAsync(Data, clock);
        await MakePeopleAsync(engine, 100);
        var (elapsed, done, total) = (0L, 0L, 0L);
        var burst = new CopyRate(Rate, clock).Burst;

        var run = engine.Backup.RunAsync(Plan("backup", Rate), Note, Cancellation);
        while (!run.IsCompleted)
        {
            // Before it is so late: what is told in between may not be compared with less time than there was.
            Interlocked.Add(ref elapsed, step.Ticks);
            clock.Advance(step);
            await Task.Delay(1, Cancellation);
        }

        await run;
        Assert.Equal((total, true), (done, total > 5 * burst));

        using var enough = new CancellationTokenSource();
        var second = engine.Backup.RunAsync(Plan("cancelled", 1), _ => { }, enough.Token);
        await Eventually.HoldsAsync(() => Directory.Exists(_folder.File("cancelled" + OnlineBackup.Unfinished)), "it has begun");
        var refused = await Assert.ThrowsAsync<BackupException>(() => BackUpAsync(engine, "another"));
        Assert.Contains("one at a time", refused.Message, StringComparison.Ordinal);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Empty(Directory.GetDirectories(_folder.Path, "cancelled*"));

        // As the host ends.
        var third = engine.Backup.RunAsync(Plan("ended", 1), _ => { }, Cancellation);
        await engine.Backup.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.Empty(Directory.GetDirectories(_folder.Path, "ended*"));

        void Note(BackupProgress progress)
        {
            (done, total) = (progress.Done, progress.Total);
            var allowed = (TimeSpan.FromTicks(Interlocked.Read(ref elapsed)).TotalSeconds * Rate) + burst;
            Assert.True(progress.Done <= allowed, $"{progress.Done} bytes where {allowed} were allowed");
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static async Task<EmbeddedStorage> OpenAsync(string data, TimeProvider? clock = null)
    {
        var engine = new EmbeddedStorage(new EmbeddedOptions(data, Shards, CachedProfiles: 100, CodeRules.Standard), new SessionRegistry(),
            clock ?? TimeProvider.System, new RecordedLog<EmbeddedStorage>());
        await engine.StartAsync(Cancellation);
        return engine;
    }

    private static async Task<long[]> MakePeopleAsync(EmbeddedStorage engine, int count)
    {
        var people = Enumerable.Range(0, count).Select(_ => engine.NewUid()).ToArray();
        await Task.WhenAll(people.Select((uid, i) => engine.CreateUserAsync(Profile.New(uid, $"+999{i:D9}", Now())).AsTask()));
        return people;
    }

    /// <summary>Pairs that like each other, one after the other, so that matches across shards are always under way.</summary>
    private static Task SwipeAsync(
        EmbeddedStorage engine, long[] people, ConcurrentDictionary<(long Uid, long Sid), SwipeKind> acknowledged,
        CancellationToken enough) => Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
    {
        for (var i = worker; i < people.Length * (people.Length - 1) / 2 && !enough.IsCancellationRequested; i += 16)
        {
            var (one, other) = (people[i % people.Length], people[(i + 1 + (i / people.Length)) % people.Length]);
            await LikeAsync(one, other);
            await LikeAsync(other, one);
        }

        async Task LikeAsync(long uid, long sid)
        {
            Assert.True((await engine.Swipes.SwipeAsync(uid, sid, SwipeKind.Like, Now())).IsOk);
            acknowledged[(uid, sid)] = SwipeKind.Like;
        }
    })));

    private static async Task NothingIsLeftAsync(EmbeddedStorage engine)
    {
        foreach (var shard in engine.Parts.Records.ShardKeys)
        {
            await Eventually.HoldsAsync(async () => await engine.Parts.Records.ReadAsync(shard, connection =>
                Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "SELECT COUNT(*) FROM follow_ups")) == 0, "an empty outbox");
        }
    }

    private async Task MakeBackupAsync(string name)
    {
        await using var engine = await OpenAsync(Data);
        await MakePeopleAsync(engine, 20);
        Directory.CreateDirectory(Path.Combine(Data, "keys"));
        await File.WriteAllTextAsync(Path.Combine(Data, "keys", "codes.key"), "secret", Cancellation);
        await BackUpAsync(engine, name);
    }

    private BackupPlan Plan(string name, long rate) => new(_folder.File(name), rate, "1.2.3", ["keys"]);

    private Task<BackupManifest> BackUpAsync(EmbeddedStorage engine, string name) =>
        engine.Backup.RunAsync(Plan(name, Fast), _ => { }, Cancellation);

    private void Restore() => BackupRestore.Run(_folder.File("backup"), _folder.File("restored"), TimeProvider.System, _ => { });
}
