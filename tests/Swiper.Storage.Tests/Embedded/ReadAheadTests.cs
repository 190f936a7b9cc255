using System.Globalization;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Embedded;

/// <summary>Indexes that are read while another process still writes the files, and brought up to date when it hands them over.</summary>
public sealed class ReadAheadTests : IDisposable
{
    private const int Shards = 4;
    private const int BroughtUpToDate = 3011;
    private const int NotReadAhead = 3012;

    private static readonly string[] Places = ["", "Berlin", "Potsdam", "Bernau"];

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 7, 15, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordedLog<EmbeddedStorage> _log = new();
    private readonly List<long> _people = [];
    private EmbeddedStorage? _old;

    private EmbeddedOptions Options => new(_folder, Shards, CachedProfiles: 100, CodeRules.Standard);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public async Task They_are_what_a_reading_of_the_files_makes(int seed)
    {
        var random = new Random(seed);
        await StartOldAsync(people: 12);
        await DoAsync(random, deeds: 60);
        await _old!.NoteChangesAsync();
        await DoAsync(random, deeds: 40);

        var reading = Task.Run(ReadAll);
        await DoAsync(random, deeds: 40);
        using var ahead = await reading;
        await DoAsync(random, deeds: 60);

        var (updated, read) = await TakeOverAsync(ahead);
        Assert.Equal(read, updated);
    }

    [Fact]
    public async Task Whatever_happened_before_and_after_the_reading_is_in_them()
    {
        await StartOldAsync(people: 6);
        await _old!.NoteChangesAsync();
        // Read: a like that stands, one that is taken back later, one that is taken back already.
        await SwipeAsync(1, 0, SwipeKind.Superlike);
        await SwipeAsync(0, 1, SwipeKind.Like);
        await SwipeAsync(2, 0, SwipeKind.Like);
        await SwipeAsync(3, 0, SwipeKind.Superlike);
        await RewindAsync(3);
        // Friends, and no more.
        await SwipeAsync(5, 4, SwipeKind.Like);
        await SwipeAsync(4, 5, SwipeKind.Like);
        Assert.True((await _old.Friends.EndAsync(_people[5], _people[4], _clock.NowMs())).IsOk);
        using var ahead = ReadAll();
        // Taken back, so that the other's like is unanswered again; a like that is answered now; a new user who is liked.
        await RewindAsync(0);
        await RewindAsync(4);
        await Eventually.HoldsAsync(() => _old.Blocks.AreFormerFriends(_people[4], _people[5]), "what follows from the rewind");
        await SwipeAsync(0, 2, SwipeKind.Dislike);
        await AddPersonAsync();
        await SwipeAsync(4, 6, SwipeKind.Like);
        await SwipeAsync(6, 5, SwipeKind.Superlike);
        await _old.Accounts.UpdateAsync(_people[5], new ProfileChange { Location = "Bernau" }, _clock.NowMs());
        await _old.Blocks.BlockAsync(_people[0], _people[3], _clock.NowMs());

        var (updated, read) = await TakeOverAsync(ahead);

        Assert.Equal(read, updated);
        Assert.Contains(Line($"  former friend of {_people[5]}"), updated, StringComparison.Ordinal);
        Assert.Empty(_log.Of(NotReadAhead));
        Assert.Single(_log.Of(BroughtUpToDate));
    }

    [Fact]
    public async Task Where_it_can_not_be_told_what_was_read_everything_is_read_anew()
    {
        await StartOldAsync(people: 3);
        await _old!.NoteChangesAsync();
        await SwipeAsync(0, 1, SwipeKind.Like);
        await RewindAsync(0);
        // Once nothing is left of the first one.
        await Eventually.HoldsAsync(async () => (await SwipeAsync(0, 1, SwipeKind.Superlike)).IsOk, "the two may meet anew");
        using var ahead = ReadAll();

        var (updated, read) = await TakeOverAsync(ahead);

        Assert.Equal(read, updated);
        Assert.Single(_log.Of(NotReadAhead));
    }

    [Fact]
    public async Task What_was_read_is_not_used_without_the_notes_of_the_other_process()
    {
        await StartOldAsync(people: 3);
        await SwipeAsync(0, 1, SwipeKind.Like);
        using var ahead = ReadAll();
        await SwipeAsync(1, 0, SwipeKind.Like);
        await SwipeAsync(2, 0, SwipeKind.Like);

        var (updated, read) = await TakeOverAsync(ahead);

        Assert.Equal(read, updated);
        Assert.Empty(_log.Of(BroughtUpToDate));
    }

    [Fact]
    public async Task A_process_that_goes_on_serving_forgets_its_notes_and_can_begin_new_ones()
    {
        await StartOldAsync(people: 4);
        await _old!.NoteChangesAsync();
        await SwipeAsync(0, 1, SwipeKind.Like);
        await _old.ForgetChangesAsync();
        await SwipeAsync(1, 0, SwipeKind.Like);
        await _old.NoteChangesAsync();
        await _old.NoteChangesAsync();
        using var ahead = ReadAll();
        await SwipeAsync(2, 0, SwipeKind.Like);

        var (updated, read) = await TakeOverAsync(ahead);

        Assert.Equal(read, updated);
        Assert.Equal(
            "Brought the indexes up to date: 1 rows were written since they were read", Assert.Single(_log.Of(BroughtUpToDate)));
    }

    [Fact]
    public async Task Notes_that_were_forgotten_are_none()
    {
        await StartOldAsync(people: 2);
        await _old!.NoteChangesAsync();
        await _old.ForgetChangesAsync();
        await SwipeAsync(0, 1, SwipeKind.Like);
        await _old.DisposeAsync();
        Assert.Null(_old.Changes);
    }

    [Fact]
    public async Task Files_of_another_version_are_not_read_ahead()
    {
        await StartOldAsync(people: 1);
        using (var file = SqliteConnection.OpenWriter(DataFolder.FileOf(_folder, 2)))
            file.Execute($"PRAGMA user_version = {SqliteMigrator.Shard.Newest - 1}");

        Assert.Null(ReadAhead.Run(Options, _clock, _log));
        Assert.Contains("another version", Assert.Single(_log.Of(NotReadAhead)), StringComparison.Ordinal);
        await _old!.DisposeAsync();
    }

    private async Task StartOldAsync(int people)
    {
        _old = new EmbeddedStorage(Options, new SessionRegistry(), _clock, _log);
        await _old.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < people; i++)
            await AddPersonAsync();
    }

    private ReadAhead ReadAll()
    {
        var ahead = ReadAhead.Run(Options, _clock, _log);
        Assert.NotNull(ahead);
        return ahead;
    }

    /// <summary>What the next process has in memory, and what one has that reads everything at its start.</summary>
    private async Task<(string Updated, string Read)> TakeOverAsync(ReadAhead ahead)
    {
        _old!.HandOver();
        await _old.DisposeAsync();
        if (_old.Changes is { } changes)
            ahead.Accept(changes);
        var updated = await ShowAsync(Options with { IsHandedOver = true, ReadAhead = ahead });
        return (updated, await ShowAsync(Options));
    }

    private async Task<string> ShowAsync(EmbeddedOptions options)
    {
        await using var engine = new EmbeddedStorage(options, new SessionRegistry(), _clock, _log);
        await engine.StartAsync(TestContext.Current.CancellationToken);
        return string.Join('\n', Show(engine.Parts));
    }

    private IEnumerable<string> Show(EmbeddedEngine engine)
    {
        yield return Line($"{engine.People.Count} people, {engine.Directory.Candidates.Count} in decks");
        foreach (var uid in _people.Order())
        {
            if (!engine.People.TryGetSlot(uid, out var me))
            {
                yield return Line($"{uid} is not known");
                continue;
            }
            var (shard, person) = (engine.ShardOf(uid), engine.People[me]);
            var place = Places.Single(text => engine.People.Locations.Find(text) == person.Location);
            yield return Line($"{uid} {person.Sex} {person.Birthday} {person.Place} {place} {engine.Directory.Activity.LastOf(me)}");
            var last = shard.Swipers.LastOf(me) is { } slot ? engine.People.UidOf(slot) : 0;
            yield return Line(
                $"  last {last} at {shard.Swipers.LastTimeOf(me)}, likes {shard.Swipers.LikesOn(WireTime.DayNumber(_clock.NowMs()), me)}");
            foreach (var sid in _people.Order().Where(sid => sid != uid))
            {
                if (!engine.People.TryGetSlot(sid, out var other))
                    continue;
                if (shard.Swiped.TryGet(me, other, out var kind))
                    yield return Line($"  {kind} {sid}");
                if (shard.Writer.TakenBack.Contains((me, other)))
                    yield return Line($"  took back {sid}");
                if (engine.Directory.Blocks.AreBlocked(uid, sid))
                    yield return Line($"  blocked {sid}");
                if (engine.Directory.FormerFriends.AreBlocked(uid, sid))
                    yield return Line($"  former friend of {sid}");
            }
            yield return "  liked by " + string.Join(", ", LikersOf(engine, shard, me));
        }

        foreach (var name in Enum.GetValues<BoardName>())
        {
            var top = new BoardEntry[_people.Count];
            // When a score was reached also counts swipes that were taken back, of which the files do not tell.
            yield return $"{name}: " + string.Join(", ", top[..engine.Boards[name].Top(top)]
                .OrderBy(static entry => entry.Uid).Select(static entry => Line($"{entry.Uid} {entry.Score}")));
        }
    }

    private IEnumerable<string> LikersOf(EmbeddedEngine engine, EmbeddedShard shard, int me)
    {
        var (all, super) = (new Liker[_people.Count], new Liker[_people.Count]);
        var count = shard.Likers.CopyNewestTo(me, null, all, shard.Swiped.Of(me));
        var superlikers = shard.Likers.CopySuperlikersTo(me, super, shard.Swiped.Of(me), default(SwipedSet));
        return all[..count].Concat(super[..superlikers])
            .Select(liker => Line($"{engine.People.UidOf(liker.Slot)} {liker.Kind} {liker.At}"));
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    private async Task DoAsync(Random random, int deeds)
    {
        for (var i = 0; i < deeds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            var (who, whom) = (random.Next(_people.Count), random.Next(_people.Count - 1));
            whom += whom >= who ? 1 : 0;
            switch (random.Next(13))
            {
                case < 6:
                    await SwipeAsync(who, whom, (SwipeKind)random.Next(1, 4));
                    break;
                case < 8:
                    await RewindAsync(who);
                    break;
                case 8:
                    await _old!.Accounts.UpdateAsync(
                        _people[who], new ProfileChange { Location = Places[random.Next(1, Places.Length)] }, _clock.NowMs());
                    break;
                case 9:
                    await _old!.Blocks.BlockAsync(_people[who], _people[whom], _clock.NowMs());
                    break;
                case 10:
                    await _old!.Blocks.UnblockAsync(_people[who], _people[whom], _clock.NowMs());
                    break;
                case 11:
                    await _old!.Friends.EndAsync(_people[who], _people[whom], _clock.NowMs());
                    break;
                default:
                    await AddPersonAsync();
                    _old!.Activity.Note(_people[who]);
                    break;
            }
        }
    }

    private async Task AddPersonAsync()
    {
        var uid = _old!.NewUid();
        Assert.True(await _old.CreateUserAsync(new Profile
        {
            Uid = uid,
            Phone = $"+9990000{_people.Count:D5}",
            Sex = Sex.Female,
            Birthday = new DateOnly(1990, 1, 1),
            DatingSex = Sex.Male,
            Created = _clock.NowMs(),
        }));
        _people.Add(uid);
    }

    private async Task<Outcome<SwipeReply>> SwipeAsync(int who, int whom, SwipeKind kind)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        return await _old!.Swipes.SwipeAsync(_people[who], _people[whom], kind, _clock.NowMs());
    }

    private async Task RewindAsync(int who) => await _old!.Swipes.RewindAsync(_people[who], _clock.NowMs());
}
