using Dapper;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Storage.Accounts;
using Swiper.Storage.Embedded;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Accounts;

/// <summary>What is written of activity, and when, on the embedded engine with a clock that the tests move.</summary>
public sealed class ActivityRepositoryTests : IDisposable
{
    private const long Hour = 3_600_000;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 7, 15, 12, 0, 30, TimeSpan.Zero));
    private readonly RecordedLog<EmbeddedStorage> _log = new();
    private readonly EmbeddedEngine _engine;
    private readonly ActivityRepository _activity;

    public ActivityRepositoryTests()
    {
        _engine = new EmbeddedEngine(
            new EmbeddedOptions(_folder, Shards: 4, CachedProfiles: 100, CodeRules.Standard), new SessionRegistry(), _clock, _log);
        _engine.Start();
        for (var uid = 1L; uid <= 2_000; uid++)
            _engine.Directory.Load(uid, new Person(Sex.Male, 1, default, 0));
        _activity = new ActivityRepository(_engine.Records, _engine.Directory, _clock, _log, areThereOtherHosts: false);
        _activity.StartAsync().GetAwaiter().GetResult();
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose()
    {
        _activity.Dispose();
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_user_is_written_once_an_hour_however_often_they_are_active()
    {
        var noon = Now / Hour * Hour;
        _activity.Note(7);
        _clock.Advance(ActivityRepository.WriteInterval);
        await UntilAsync(7, noon);
        var first = await WrittenAsync(7);

        for (var minute = 2; minute < 59; minute++)
        {
            _activity.Note(7);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
        // Whatever of user 7 was to be written would be there before this.
        _activity.Note(11);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(11, noon);
        Assert.Equal(first, await WrittenAsync(7));

        _clock.Advance(TimeSpan.FromMinutes(1));
        _activity.Note(7);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(7, noon + Hour);
    }

    [Fact]
    public async Task What_waits_is_written_when_the_host_stops_and_read_when_it_starts()
    {
        for (var uid = 1L; uid <= 2_000; uid++)
            _activity.Note(uid);
        _activity.Note(99_999);
        _activity.Dispose();
        Assert.Equal(2_000, await CountAsync());
        Assert.Empty(_log.Entries);

        using var directory = new PeopleDirectory(new(1), _clock, knowsEverybody: true);
        for (var uid = 1L; uid <= 2_000; uid += 2)
            directory.Load(uid, new Person(Sex.Male, 1, default, 0));
        using var again = new ActivityRepository(_engine.Records, directory, _clock, _log, areThereOtherHosts: true);
        await again.StartAsync();
        Assert.All(Enumerable.Range(0, 1_000), slot => Assert.Equal(Now / Hour * Hour, directory.Activity.LastOf(slot)));
        // Who was active waits for a turn only once they are again.
        Assert.Equal((0, 2_000), (directory.Turns.Waiting, _engine.Directory.Turns.Waiting));
    }

    private Task UntilAsync(long uid, long at) => Eventually.HoldsAsync(
        async () => await FindAsync<long?>("at", uid) == at, $"activity of {uid} at {at}");

    private async Task<long> WrittenAsync(long uid) => (await FindAsync<long?>("written", uid))!.Value;

    private async Task<T?> FindAsync<T>(string column, long uid) => await _engine.Records.ReadAsync(uid, connection =>
        connection.QueryFirstOrDefaultAsync<T?>($"SELECT {column} FROM activity WHERE uid = @uid", new { uid }));

    private async Task<int> CountAsync()
    {
        var count = 0;
        foreach (var shard in _engine.Records.ShardKeys)
            count += await _engine.Records.ReadAsync(shard, connection =>
                connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM activity"));
        return count;
    }
}
