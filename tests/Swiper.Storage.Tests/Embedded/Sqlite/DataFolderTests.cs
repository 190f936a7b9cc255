using System.Diagnostics;
using System.Globalization;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Tests.Embedded.Sqlite;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_folder_is_its_owners_alone_and_has_a_file_a_shard()
    {
        using var data = DataFolder.Open(Path, 3);
        Assert.Equal(3, data.ShardCount);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path));
        for (var shard = 0; shard < 3; shard++)
        {
            foreach (var suffix in new[] { "", "-wal", "-shm" })
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.FileOf(shard) + suffix));
        }
    }

    [Theory]
    [InlineData(3_051_003, true)]
    [InlineData(3_053_004, true)]
    [InlineData(4_000_000, true)]
    [InlineData(3_051_002, false)]
    [InlineData(3_046_001, false)]
    public void A_sqlite_that_can_lose_writes_is_refused(int version, bool isSafe)
    {
        if (isSafe)
            SqliteLibrary.RequireSafe(version);
        else
            Assert.Contains("needs 3.51.3 or newer", Assert.Throws<DataFolderException>(() => SqliteLibrary.RequireSafe(version)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_is_there_when_it_is_opened_again()
    {
        using (var data = DataFolder.Open(Path, 2))
            data.WriterOf(1).Execute("INSERT INTO phones VALUES ('+1', 5)");
        using (var data = DataFolder.Open(Path, 2))
        {
            Assert.Equal("5", data.WriterOf(1).ReadText("SELECT uid FROM phones"));
            Assert.Equal(0, data.WriterOf(0).ReadInt64("SELECT count(*) FROM phones"));
            using var readers = data.OpenReaders(1, 1, connection => connection.Prepare("SELECT uid FROM phones"u8));
            using var lease = readers.Rent();
            Assert.True(lease.Reader.Step());
        }
    }

    [Fact]
    public void A_second_engine_in_this_process_is_refused()
    {
        using var data = DataFolder.Open(Path, 1);
        Assert.Equal($"The data folder {Path} is in use by another Swiper (process {Environment.ProcessId}).", Refusal());
    }

    [Fact]
    public void A_folder_that_another_process_holds_is_refused_until_that_one_dies()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "needs flock(1) to hold the lock from another process");
        DataFolder.Open(Path, 1).Dispose();
        using var holder = Process.Start(
            new ProcessStartInfo("/usr/bin/flock", ["--no-fork", _folder.File("data/swiper.lock"), "sh", "-c", "echo held; exec cat"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        Assert.Equal("held", holder.StandardOutput.ReadLine());
        Assert.Equal($"The data folder {Path} is in use by another Swiper.", Refusal());
        File.WriteAllText(_folder.File("data/swiper.pid"), holder.Id.ToString(CultureInfo.InvariantCulture));
        Assert.Equal($"The data folder {Path} is in use by another Swiper (process {holder.Id}).", Refusal());
        holder.Kill();
        holder.WaitForExit();
        DataFolder.Open(Path, 1).Dispose();
    }

    [Fact]
    public async Task A_folder_whose_holder_is_ending_is_waited_for()
    {
        var holder = DataFolder.Open(Path, 1);
        var opens = new TaskCompletionSource();
        var opening = Task.Run(() =>
        {
            opens.SetResult();
            return DataFolder.Open(Path, 1);
        }, TestContext.Current.CancellationToken);
        await opens.Task;
        holder.Dispose();

        using var data = await opening;
        Assert.Equal(1, data.ShardCount);
    }

    [Fact]
    public void A_folder_that_was_refused_is_free_again()
    {
        DataFolder.Open(Path, 1).Dispose();
        Refusal(2);
        DataFolder.Open(Path, 1).Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Another_number_of_shards_is_refused_and_changes_nothing(int configured)
    {
        DataFolder.Open(Path, 2).Dispose();
        Assert.Equal(
            $"The data folder {Path} was created with 2 shards but is configured with {configured}; the number can't be changed.",
            Refusal(configured));
        Assert.Equal(2, Directory.GetFiles(Path, "*.db").Length);
    }

    [Fact]
    public void A_file_that_is_missing_or_empty_is_not_silently_made_anew()
    {
        DataFolder.Open(Path, 2).Dispose();
        var file = _folder.File("data/shard-0.db");
        var expected = $"The file {file} is missing or empty while other files in the folder hold data; restore it from a backup.";
        File.WriteAllBytes(file, []);
        Assert.Equal(expected, Refusal(2));
        File.Delete(file);
        Assert.Equal(expected, Refusal(2));
    }

    [Fact]
    public void A_creation_that_was_cut_off_is_finished()
    {
        // As far as a process could have come: one file whole, one with nothing but its schema, one not there.
        Directory.CreateDirectory(Path);
        ShardFile.Create(_folder.File("data/shard-0.db"), 0, 3).Dispose();
        using (var begun = SqliteConnection.OpenWriter(_folder.File("data/shard-1.db")))
            SqliteMigrator.Shard.Migrate(begun);
        DataFolder.Open(Path, 3).Dispose();
        DataFolder.Open(Path, 3).Dispose();
        File.Delete(_folder.File("data/shard-2.db"));
        Refusal(3);
    }

    [Fact]
    public void A_file_under_anothers_name_is_refused()
    {
        DataFolder.Open(Path, 2).Dispose();
        File.Copy(_folder.File("data/shard-1.db"), _folder.File("data/shard-0.db"), overwrite: true);
        Assert.Equal($"The file {_folder.File("data/shard-0.db")} contains shard 1; it was renamed or copied.", Refusal(2));
    }

    [Fact]
    public void A_newer_file_is_refused()
    {
        using (var data = DataFolder.Open(Path, 1))
            data.WriterOf(0).Execute("PRAGMA user_version = 99; UPDATE meta SET value = '98' WHERE key = 'oldest_schema'");
        Assert.Equal(
            $"The file {_folder.File("data/shard-0.db")} can't be used: it was written by a newer Swiper "
            + $"(schema 99; this one supports up to {SqliteMigrator.Shard.Newest}).",
            Refusal());
    }

    [Theory]
    [InlineData(Damage.NoDatabase)]
    [InlineData(Damage.GarbageHeader)]
    [InlineData(Damage.Truncated)]
    [InlineData(Damage.FlippedPages)]
    public void A_damaged_file_is_named(Damage damage)
    {
        using (var data = DataFolder.Open(Path, 1))
            data.WriterOf(0)
                .Execute(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                    + "INSERT INTO swiped SELECT i, i, 1, 1 FROM n");
        var file = _folder.File("data/shard-0.db");
        var bytes = File.ReadAllBytes(file);
        switch (damage)
        {
            case Damage.NoDatabase:
                bytes = "Once upon a time there was a file that was no database."u8.ToArray();
                break;
            case Damage.GarbageHeader:
                Random.Shared.NextBytes(bytes.AsSpan(0, 100));
                break;
            case Damage.Truncated:
                bytes = bytes[..(bytes.Length / 2)];
                break;
            case Damage.FlippedPages:
                foreach (ref var b in bytes.AsSpan(bytes.Length / 2, 8192))
                    b ^= 0xff;
                break;
        }

        File.WriteAllBytes(file, bytes);
        var message = Refusal();
        Assert.StartsWith($"The file {file} is damaged ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_folder_that_can_not_be_made_is_named()
    {
        File.WriteAllText(Path, "a file");
        Assert.StartsWith($"The data folder {Path} can't be created: ", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shard-0.db-wal")]
    [InlineData("shard-1.db-wal")]
    [InlineData("shard-1.db")]
    public void What_a_killed_process_must_have_left_is_missed_and_what_it_left_is_taken(string missing)
    {
        using (var data = DataFolder.Open(Path, 2))
        {
            data.WriterOf(1).Execute("INSERT INTO phones VALUES ('+1', 5)");
            CopyOpen("killed");
        }

        // In order, with nothing left but the files themselves.
        Assert.False(File.Exists(System.IO.Path.Combine(Path, DataFolder.OpenMarker)));
        using (DataFolder.Open(Path, 2))
        {
        }

        var killed = _folder.File("killed");
        File.Move(System.IO.Path.Combine(killed, missing), _folder.File(missing));
        // Its own WAL goes with a shard, whoever lost it.
        if (missing == "shard-1.db")
            File.Delete(System.IO.Path.Combine(killed, "shard-1.db-wal"));
        Assert.StartsWith(
            $"The file {System.IO.Path.Combine(killed, missing)} is missing, though the last process was killed",
            Assert.Throws<DataFolderException>(() => DataFolder.Open(killed, 2)).Message);
        if (missing == "shard-1.db")
            return;

        File.Move(_folder.File(missing), System.IO.Path.Combine(killed, missing));
        using (var data = DataFolder.Open(killed, 2))
            Assert.Equal("5", data.WriterOf(1).ReadText("SELECT uid FROM phones"));
    }

    [Fact]
    public void Who_restored_a_backup_after_a_kill_deletes_the_marker()
    {
        using (DataFolder.Open(Path, 1))
            CopyOpen("killed");
        var killed = _folder.File("killed");
        File.Delete(System.IO.Path.Combine(killed, "shard-0.db-wal"));
        Assert.Throws<DataFolderException>(() => DataFolder.Open(killed, 1));
        File.Delete(System.IO.Path.Combine(killed, DataFolder.OpenMarker));
        using (DataFolder.Open(killed, 1))
        {
        }
    }

    // As a process that is killed leaves them.
    private void CopyOpen(string folder)
    {
        Directory.CreateDirectory(_folder.File(folder));
        foreach (var file in Directory.GetFiles(Path).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            if (System.IO.Path.GetFileName(file) != "swiper.lock")
                File.Copy(file, System.IO.Path.Combine(_folder.File(folder), System.IO.Path.GetFileName(file)));
        }
    }

    [Fact]
    public void What_is_handed_over_has_no_sums_and_is_opened_without_any()
    {
        using (var data = DataFolder.Open(Path, 2))
            data.HandOver();
        Assert.False(File.Exists(System.IO.Path.Combine(Path, FileSums.Name)));

        DataFolder.Open(Path, 2, isHandedOver: true).Dispose();
        Assert.True(File.Exists(System.IO.Path.Combine(Path, FileSums.Name)));
    }

    private string Refusal(int shards = 1) => Assert.Throws<DataFolderException>(() => DataFolder.Open(Path, shards)).Message;

    public enum Damage
    {
        NoDatabase,
        GarbageHeader,
        Truncated,
        FlippedPages,
    }
}
