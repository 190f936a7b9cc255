using Microsoft.Data.Sqlite;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Sqlite;
using DriverConnection = Microsoft.Data.Sqlite.SqliteConnection;

namespace Swiper.Storage.Tests.Embedded;

/// <summary>What becomes of files in which a disk, or somebody, has changed something: nothing of it passes unseen.</summary>
public sealed class DamagedDataTests : IDisposable
{
    private const int Shards = 2;

    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Any_bit_that_flips_between_two_processes_keeps_the_next_one_from_starting()
    {
        await FillAsync();
        var random = new Random(15);
        for (var flip = 0; flip < 30; flip++)
        {
            var file = FileOf(random.Next(Shards));
            var (at, bit) = (random.NextInt64(new FileInfo(file).Length), random.Next(8));
            Flip(file, at, bit);
            var refusal = Assert.Throws<DataFolderException>(() => DataFolder.Open(Data, Shards)).Message;
            Assert.Contains(Path.GetFileName(file), refusal, StringComparison.Ordinal);
            Assert.Contains(Check(), problem => problem.StartsWith(Path.GetFileName(file), StringComparison.Ordinal));
            Flip(file, at, bit);
        }

        Assert.Empty(Check());
        using (DataFolder.Open(Data, Shards))
        {
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_only_file_is_not_silently_made_anew(bool isEmpty)
    {
        using (DataFolder.Open(Data, 1))
        {
        }

        File.Delete(FileOf(0));
        if (isEmpty)
            File.WriteAllText(FileOf(0), "");
        var refusal = Assert.Throws<DataFolderException>(() => DataFolder.Open(Data, 1)).Message;
        Assert.Contains("missing or empty", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_restored_a_file_takes_it_by_deleting_the_sums()
    {
        await FillAsync();
        Write(FileOf(0), "UPDATE users SET nickname = 'restored'");
        var refusal = Assert.Throws<DataFolderException>(() => DataFolder.Open(Data, Shards)).Message;
        Assert.Contains(FileSums.Name, refusal, StringComparison.Ordinal);
        File.Delete(Path.Combine(Data, FileSums.Name));
        Assert.Empty(Check());
        using (DataFolder.Open(Data, Shards))
            Assert.False(File.Exists(Path.Combine(Data, FileSums.Name)));
        Assert.True(File.Exists(Path.Combine(Data, FileSums.Name)));
    }

    // As by a process that was killed: there are no sums, and SQLite finds nothing wrong.
    [Theory]
    [InlineData("UPDATE users SET sex = 7", "a value that no host writes")]
    [InlineData("UPDATE users SET lat = 91, lon = 0", "a value that no host writes")]
    [InlineData("UPDATE users SET avatars = '[\"a'", "a value that no host writes")]
    [InlineData("UPDATE users SET uid = uid + 1", "belongs to shard")]
    [InlineData("UPDATE users SET uid = uid + 1024", "is not theirs")]
    [InlineData("UPDATE users SET phone = '+1'", "is not theirs")]
    [InlineData("DELETE FROM phones", "is not theirs")]
    [InlineData("UPDATE swiped SET kind = 9", "a value that no host writes")]
    [InlineData("UPDATE swiped SET at = at * 2", "a value that no host writes")]
    [InlineData("UPDATE swiped SET sid = sid + 1024", "is not a user")]
    [InlineData("UPDATE friends SET fid = fid + 1024, completer = uid", "is not a user")]
    [InlineData("UPDATE friends SET since = since + 1", "half differs or is missing")]
    [InlineData("DELETE FROM friends", "half differs or is missing")]
    [InlineData("UPDATE push_seqs SET seq = 0", "a value that no host writes")]
    [InlineData("UPDATE blocks SET bid = 5", "is not a user")]
    public async Task What_no_host_writes_is_found_by_reading_everything(string spoil, string found)
    {
        await FillAsync();
        File.Delete(Path.Combine(Data, FileSums.Name));
        Assert.Empty(Check());
        for (var shard = 0; shard < Shards; shard++)
        {
            if (Write(FileOf(shard), spoil) > 0)
                break;
        }

        Assert.Contains(Check(), problem => problem.Contains(found, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_a_host_has_open_or_without_files_is_refused()
    {
        Assert.Contains("no files of shards", Assert.Throws<DataFolderException>(() => Check()).Message, StringComparison.Ordinal);
        await FillAsync();
        using var data = DataFolder.Open(Data, Shards);
        Assert.Contains("in use", Assert.Throws<DataFolderException>(() => Check()).Message, StringComparison.Ordinal);
    }

    private string FileOf(int shard) => Path.Combine(Data, $"shard-{shard}.db");

    private List<string> Check()
    {
        var problems = new List<string>();
        DataCheck.Run(Data, problems.Add);
        return problems;
    }

    private async Task FillAsync()
    {
        await using var engine = new EmbeddedStorage(
            new EmbeddedOptions(Data, Shards, CachedProfiles: 100, CodeRules.Standard), new SessionRegistry(), TimeProvider.System,
            new RecordedLog<EmbeddedStorage>());
        await engine.StartAsync(TestContext.Current.CancellationToken);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var people = new List<long>();
        for (var i = 0; i < 40; i++)
        {
            people.Add(engine.NewUid());
            Assert.True(await engine.CreateUserAsync(Profile.New(people[i], $"+999{i:D9}", now) with
            {
                Nickname = $"Somebody {i}",
                Sex = Sex.Female,
                DatingSex = Sex.Female,
                Birthday = new DateOnly(2000, 1, 1),
                Place = new(1, 2),
            }));
        }

        var swipers = people.Take(20).ToArray();
        await Task.WhenAll(swipers.SelectMany(uid => swipers.Where(sid => sid != uid)
            .Select(sid => engine.Swipes.SwipeAsync(uid, sid, SwipeKind.Like, now).AsTask())));
        await Task.WhenAll(swipers.Select((uid, i) => engine.Blocks.BlockAsync(uid, people[i + 20], now).AsTask()));
        await Eventually.HoldsAsync(
            async () =>
            {
                var left = 0L;
                foreach (var shard in engine.Parts.Records.ShardKeys)
                    left += await engine.Parts.Records.ReadAsync(shard, connection =>
                        Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "SELECT COUNT(*) FROM follow_ups"));
                await Task.Yield();
                return left == 0;
            },
            "an empty outbox");
        await Task.Yield();
    }

    private static void Flip(string file, long at, int bit)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = at;
        var value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ (1 << bit)));
    }

    private static int Write(string file, string sql)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false };
        using var connection = new DriverConnection(settings.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
