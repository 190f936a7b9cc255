using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Storage.Caching;

namespace Swiper.Storage.Tests.Caching;

public class ProfileCacheTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task A_profile_is_loaded_once_for_all_who_wait_for_it()
    {
        var cache = Cache();
        var truth = new Truth();

        var waiting = Enumerable.Range(0, 20).Select(_ => cache.FindOrLoadAsync(7, truth.LoadAsync).AsTask()).ToArray();
        Assert.Equal(1, truth.Loads);
        truth.Answer(Of(7, "Ada"));

        Assert.All(await Task.WhenAll(waiting), profile => Assert.Equal("Ada", profile!.Profile.Nickname));
        Assert.NotNull(cache.Find(7));
        Assert.Equal(1, truth.Loads);
    }

    [Fact]
    public async Task A_failed_load_fails_all_who_wait_for_it_and_the_next_one_loads_again()
    {
        var cache = Cache();
        var truth = new Truth();

        var waiting = Enumerable.Range(0, 5).Select(_ => cache.FindOrLoadAsync(7, truth.LoadAsync).AsTask()).ToArray();
        truth.Fail(new StoreUnavailableException("down"));
        foreach (var one in waiting)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => one);
        Assert.Equal(1, truth.Loads);

        var again = cache.FindOrLoadAsync(7, truth.LoadAsync);
        truth.Answer(Of(7, "Ada"));
        Assert.Equal("Ada", (await again)!.Profile.Nickname);
    }

    [Fact]
    public async Task What_is_written_while_a_load_is_under_way_wins_over_what_it_reads()
    {
        var cache = Cache();
        var truth = new Truth();

        var load = cache.FindOrLoadAsync(7, truth.LoadAsync);
        cache.Put(Of(7, "new"));
        Assert.Equal("new", cache.Find(7)!.Profile.Nickname);
        truth.Answer(Of(7, "old"));

        Assert.Equal("new", (await load)!.Profile.Nickname);
        Assert.Equal("new", cache.Find(7)!.Profile.Nickname);
    }

    [Fact]
    public async Task What_is_written_while_a_load_fails_stays()
    {
        var cache = Cache();
        var truth = new Truth();

        var load = cache.FindOrLoadAsync(7, truth.LoadAsync);
        cache.Put(Of(7, "new"));
        truth.Fail(new StoreUnavailableException("down"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => load.AsTask());
        Assert.Equal("new", cache.Find(7)!.Profile.Nickname);
    }

    [Fact]
    public async Task A_load_that_began_before_a_drop_does_not_put_the_old_profile_back()
    {
        var entered = new List<string>();
        var cache = Cache(entering: profile => entered.Add(profile.Profile.Nickname));
        var (before, after) = (new Truth(), new Truth());

        var early = cache.FindOrLoadAsync(7, before.LoadAsync);
        cache.Drop(7);
        var late = cache.FindOrLoadAsync(7, after.LoadAsync);
        after.Answer(Of(7, "new"));
        Assert.Equal("new", (await late)!.Profile.Nickname);
        before.Answer(Of(7, "old"));

        // Who asked before the change may be told either; everybody else is told the new one.
        Assert.Equal("old", (await early)!.Profile.Nickname);
        Assert.Equal("new", cache.Find(7)!.Profile.Nickname);
        Assert.Equal(["new"], entered);
    }

    [Fact]
    public async Task A_load_that_found_nobody_before_a_drop_does_not_make_the_uid_absent()
    {
        var cache = Cache();
        var (before, after) = (new Truth(), new Truth());

        var early = cache.FindOrLoadAsync(7, before.LoadAsync);
        cache.Drop(7);
        before.Answer(null);
        Assert.Null(await early);

        var late = cache.FindOrLoadAsync(7, after.LoadAsync);
        after.Answer(Of(7, "made elsewhere"));
        Assert.Equal("made elsewhere", (await late)!.Profile.Nickname);
    }

    [Fact]
    public async Task A_load_that_began_before_everything_was_dropped_is_not_kept()
    {
        var cache = Cache();
        var truth = new Truth();
        cache.Put(Of(8, "Ben"));

        var early = cache.FindOrLoadAsync(7, truth.LoadAsync);
        cache.DropAll();
        truth.Answer(Of(7, "old"));

        Assert.NotNull(await early);
        Assert.Null(cache.Find(7));
        Assert.Null(cache.Find(8));
    }

    [Fact]
    public async Task Who_is_absent_is_not_looked_for_again_for_a_while_but_never_longer_than_five_minutes()
    {
        var cache = Cache();
        var truth = new Truth();

        var first = cache.FindOrLoadAsync(7, truth.LoadAsync);
        truth.Answer(null);
        Assert.Null(await first);
        Assert.Null(await cache.FindOrLoadAsync(7, truth.LoadAsync));
        Assert.Equal(1, truth.Loads);

        _clock.Advance(TimeSpan.FromMinutes(5));
        var later = cache.FindOrLoadAsync(7, truth.LoadAsync);
        truth.Answer(Of(7, "Ada"));
        Assert.NotNull(await later);
    }

    [Fact]
    public async Task Who_was_absent_is_found_as_soon_as_they_are_made_here_or_elsewhere()
    {
        var cache = Cache();
        var truth = new Truth();
        foreach (var uid in new[] { 7L, 8L })
        {
            var absent = cache.FindOrLoadAsync(uid, truth.LoadAsync);
            truth.Answer(null);
            Assert.Null(await absent);
        }

        cache.Put(Of(7, "made here"));
        Assert.Equal("made here", (await cache.FindOrLoadAsync(7, truth.LoadAsync))!.Profile.Nickname);
        cache.Drop(8);
        var made = cache.FindOrLoadAsync(8, truth.LoadAsync);
        truth.Answer(Of(8, "made elsewhere"));
        Assert.Equal("made elsewhere", (await made)!.Profile.Nickname);
    }

    [Fact]
    public async Task Made_up_uids_push_no_profile_out_and_are_bounded_themselves()
    {
        const int asked = 40_000;
        var cache = Cache(capacity: 100);
        for (var uid = 1; uid <= 100; uid++)
            cache.Put(Of(uid, "real"));
        for (var uid = 1_000; uid < 1_000 + asked; uid++)
            Assert.Null(await cache.FindOrLoadAsync(uid, _ => Task.FromResult<CachedProfile?>(null)));
        Assert.Equal(100, cache.Count);

        var absent = new AbsentUids(capacity: 1_000, _clock);
        for (var uid = 0; uid < asked; uid++)
            absent.Add(uid);
        Assert.Equal(1_000, absent.Count);
        Assert.True(absent.Contains(asked - 1));
        Assert.False(absent.Contains(0));
    }

    [Fact]
    public async Task A_profile_is_loaded_again_once_its_time_is_over_and_not_all_at_the_same_instant()
    {
        const int users = 1_000;
        var cache = Cache(Lifetime);
        for (var uid = 1; uid <= users; uid++)
            cache.Put(Of(uid, "old"));

        _clock.Advance(Lifetime / 2 - TimeSpan.FromSeconds(1));
        Assert.Equal(users, Present());
        _clock.Advance(Lifetime / 4);
        Assert.InRange(Present(), users / 4, users * 3 / 4);
        _clock.Advance(Lifetime / 4 + TimeSpan.FromSeconds(1));
        Assert.Equal(0, Present());

        var again = await cache.FindOrLoadAsync(7, uid => Task.FromResult<CachedProfile?>(Of(uid, "new")));
        Assert.Equal("new", again!.Profile.Nickname);
        Assert.Equal("new", cache.Find(7)!.Profile.Nickname);

        int Present() => Enumerable.Range(1, users).Count(uid => cache.Find(uid) is not null);
    }

    [Fact]
    public void No_more_are_kept_than_there_is_room_for_and_those_asked_for_stay()
    {
        var cache = Cache(capacity: 100);
        cache.Put(Of(1, "popular"));
        for (var uid = 2; uid <= 5_000; uid++)
        {
            cache.Put(Of(uid, "passing"));
            Assert.NotNull(cache.Find(1));
        }
        Assert.Equal(100, cache.Count);
    }

    [Fact]
    public async Task Readers_never_find_a_profile_older_than_the_last_drop_they_know_of()
    {
        var cache = Cache();
        var version = 0;
        Task<CachedProfile?> LoadAsync(long uid)
        {
            var read = Volatile.Read(ref version);
            return Task.Run<CachedProfile?>(() => Of(uid, $"{read}"));
        }

        var writer = Task.Run(async () =>
        {
            for (var change = 1; change <= 2_000; change++)
            {
                Volatile.Write(ref version, change);
                cache.Drop(7);
                await Task.Yield();
            }
        }, TestContext.Current.CancellationToken);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!writer.IsCompleted)
                await cache.FindOrLoadAsync(7, LoadAsync);
        })).ToArray();
        await Task.WhenAll([writer, .. readers]);

        Assert.Equal("2000", (await cache.FindOrLoadAsync(7, LoadAsync))!.Profile.Nickname);
    }

    private ProfileCache Cache(TimeSpan? lifetime = null, int capacity = 10_000, Action<CachedProfile>? entering = null) =>
        new(new ProfileCacheOptions(capacity, lifetime), _clock, entering);

    private static CachedProfile Of(long uid, string nickname) =>
        new(new Profile { Uid = uid, Phone = "+999", Created = 0, Nickname = nickname });

    /// <summary>Answers the load under way when it is told to.</summary>
    private sealed class Truth
    {
        private TaskCompletionSource<CachedProfile?> _load = new();

        public int Loads { get; private set; }

        public Task<CachedProfile?> LoadAsync(long uid)
        {
            Loads++;
            return (_load = new TaskCompletionSource<CachedProfile?>()).Task;
        }

        public void Answer(CachedProfile? profile) => _load.SetResult(profile);

        public void Fail(Exception exception) => _load.SetException(exception);
    }
}
