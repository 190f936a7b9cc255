using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Storage.Caching;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public sealed class PeopleDirectoryTests : IDisposable
{
    private readonly PeopleDirectory _directory = new(new ProfileCacheOptions(1_000), TimeProvider.System, knowsEverybody: true);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Who_is_shown_is_found_by_what_they_are_now()
    {
        _directory.Show(Of(7, Sex.Female));
        Assert.Equal(7, Assert.Single(Found(Sex.Female)));

        _directory.Show(Of(7, Sex.Male));
        Assert.Empty(Found(Sex.Female));
        Assert.Equal(7, Assert.Single(Found(Sex.Male)));
        Assert.Equal(Sex.Male, _directory.Profiles.Find(7)!.Profile.Sex);
    }

    [Fact]
    public void Loading_everybody_does_not_undo_what_was_shown_meanwhile()
    {
        _directory.Show(Of(7, Sex.Male));
        _directory.Load(7, Person.Of(Of(7, Sex.Female).Profile, _directory.People.Locations));
        _directory.Load(8, Person.Of(Of(8, Sex.Female).Profile, _directory.People.Locations));

        Assert.Equal(7, Assert.Single(Found(Sex.Male)));
        Assert.Equal(8, Assert.Single(Found(Sex.Female)));
    }

    [Fact]
    public void Who_is_out_of_decks_stays_out_whatever_the_profile_becomes_until_taken_back()
    {
        _directory.Show(Of(7, Sex.Female));
        _directory.PutOut(7, isOut: true);
        _directory.PutOut(7, isOut: true);
        Assert.Empty(Found(Sex.Female));
        Assert.True(_directory.People.TryGetSlot(7, out var slot));
        Assert.False(_directory.People[slot].CanBeShownTo(Sex.Female));
        _directory.Show(Of(7, Sex.Male));
        Assert.Empty(Found(Sex.Male));

        _directory.PutOut(7, isOut: false);
        Assert.Equal(7, Assert.Single(Found(Sex.Male)));
        Assert.True(_directory.People[slot].CanBeShownTo(Sex.Male));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_is_out_of_decks_before_the_directory_knows_them_never_gets_in(bool loaded)
    {
        _directory.PutOut(7, isOut: true);
        if (loaded)
            _directory.Load(7, Person.Of(Of(7, Sex.Female).Profile, _directory.People.Locations));
        else
            _directory.Show(Of(7, Sex.Female));
        Assert.Empty(Found(Sex.Female));
        _directory.PutOut(7, isOut: false);
        Assert.Equal(7, Assert.Single(Found(Sex.Female)));
    }

    [Fact]
    public async Task A_user_made_or_changed_elsewhere_is_found_after_a_refresh()
    {
        var truth = Of(7, Sex.Female);
        await _directory.RefreshAsync(7, _ => Task.FromResult<CachedProfile?>(truth));
        Assert.Equal(7, Assert.Single(Found(Sex.Female)));

        truth = Of(7, Sex.Male);
        await _directory.RefreshAsync(7, _ => Task.FromResult<CachedProfile?>(truth));
        Assert.Equal(7, Assert.Single(Found(Sex.Male)));
    }

    [Fact]
    public async Task Of_two_refreshes_the_later_one_decides_whichever_read_ends_first()
    {
        var slow = new TaskCompletionSource<CachedProfile?>();
        var first = _directory.RefreshAsync(7, _ => slow.Task);
        await _directory.RefreshAsync(7, _ => Task.FromResult<CachedProfile?>(Of(7, Sex.Male)));
        slow.SetResult(Of(7, Sex.Female));
        await first;

        Assert.Empty(Found(Sex.Female));
        Assert.Equal(7, Assert.Single(Found(Sex.Male)));
        Assert.Equal(Sex.Male, _directory.Profiles.Find(7)!.Profile.Sex);
    }

    [Fact]
    public async Task A_refresh_that_fails_says_so_and_leaves_decks_as_they_were()
    {
        _directory.Show(Of(7, Sex.Female));
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            _directory.RefreshAsync(7, _ => Task.FromException<CachedProfile?>(new StoreUnavailableException("down"))).AsTask());

        Assert.Equal(7, Assert.Single(Found(Sex.Female)));
        Assert.Null(_directory.Profiles.Find(7));
    }

    [Fact]
    public async Task Shown_from_many_threads_both_indexes_end_alike()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var uid = 1; uid <= 2_000; uid++)
                _directory.Show(Of(uid % 50 + 1, uid % 3 == 0 ? Sex.Male : Sex.Female));
        })));

        var women = Enumerable.Range(1, 50).Where(uid => _directory.Profiles.Find(uid)!.Profile.Sex == Sex.Female)
            .Select(uid => (long)uid);
        Assert.Equal(women, Found(Sex.Female).Order());
        Assert.Equal(50, _directory.Candidates.Count);
    }

    [Fact]
    public void A_profile_that_changes_a_million_times_leaves_nothing_behind()
    {
        for (var uid = 1; uid <= 20; uid++)
            _directory.Show(Moved(uid, uid));
        // Whatever grows to hold one more has grown then.
        for (var i = 0; i < 1_000; i++)
            _directory.Show(Moved(1, i));
        var before = (_directory.Candidates.Size, _directory.People.Locations.Count);
        Assert.Equal(20, before.Count);
        for (var i = 0; i < 1_000_000; i++)
            _directory.Show(Moved(1, i));
        Assert.Equal(before, (_directory.Candidates.Size, _directory.People.Locations.Count));
        Assert.Equal(40, before.Size.Areas);
        Assert.Equal(20, Found(Sex.Female).Length);
    }

    [Fact]
    public void A_location_text_is_kept_for_as_long_as_somebody_has_it()
    {
        var home = _directory.People.Locations;
        foreach (var uid in new[] { 7L, 8L })
            _directory.Show(At(uid, "Here"));
        _directory.Show(At(7, "Here"));
        _directory.Load(7, Person.Of(At(7, "Elsewhere").Profile, home));
        _directory.PutOut(8, isOut: true);
        _directory.Show(At(8, "There"));
        Assert.True(home.Find("Here") > 0);
        Assert.Equal(2, home.Count);
        _directory.Show(At(7, "There"));
        Assert.Equal(LocationTexts.Unknown, home.Find("Here"));
        _directory.Show(At(7, ""));
        _directory.PutOut(8, isOut: false);
        Assert.Equal(1, home.Count);
        _directory.Show(At(8, ""));
        Assert.Equal(0, home.Count);

        static CachedProfile At(long uid, string location) => new(Of(uid, Sex.Female).Profile with { Location = location });
    }

    // Another town, cell and birth year than any time soon.
    private static CachedProfile Moved(long uid, int i) => new(Of(uid, Sex.Female).Profile with
    {
        Location = $"Town {i} of {uid}",
        Place = new Place(i * 0.1 % 170 - 85, i * 0.7 % 350 - 175),
        Birthday = new DateOnly(1930 + i % 70, 1, 1),
    });

    private static CachedProfile Of(long uid, Sex sex) => new(new Profile
    {
        Uid = uid,
        Phone = "+999",
        Created = 0,
        Sex = sex,
        Birthday = new DateOnly(2000, 1, 1),
    });

    private long[] Found(Sex sex)
    {
        var into = new Candidate[100];
        var query = new CandidateQuery { Me = -1, Sex = sex, Birthdays = BirthdayRange.OfAges(0, 200, new DateOnly(2026, 7, 15)) };
        var found = _directory.Candidates.Find(query, into, default(DroppingNobody)).Found;
        return [.. into.Take(found).Select(candidate => _directory.People.UidOf(candidate.Slot))];
    }
}
