using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Caching;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public sealed class DeckSearchTests : IDisposable
{
    private static readonly DateOnly Today = new(2026, 7, 15);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PeopleDirectory _directory = new(new ProfileCacheOptions(1_000), TimeProvider.System, knowsEverybody: true);
    private readonly DeckSearch _search;

    public DeckSearchTests() => _search = new DeckSearch(_directory, _ => 0);

    public void Dispose()
    {
        _directory.Dispose();
    }

    [Fact]
    public async Task Superlikers_come_first_in_their_order_and_nobody_comes_twice()
    {
        var me = Add(1, Sex.Male);
        for (var uid = 2; uid <= 10; uid++)
            Add(uid, Sex.Female);

        var draw = await DrawAsync(me, count: 30, swiped: [3, 4], superlikers: [9, 5]);

        Assert.Equal([9L, 5L], draw.People.Take(2).Select(person => person.Uid));
        Assert.Equal([true, true, false], draw.People.Take(3).Select(person => person.SuperlikedMe));
        Assert.Equal([2L, 5, 6, 7, 8, 9, 10], draw.People.Select(person => person.Uid).Order());
    }

    [Fact]
    public async Task There_are_never_more_people_than_asked_for()
    {
        var me = Add(1, Sex.Male);
        for (var uid = 2; uid <= 40; uid++)
            Add(uid, Sex.Female);

        Assert.Equal([2L, 3, 4],
            (await DrawAsync(me, count: 3, swiped: [], superlikers: [2, 3, 4, 5])).People.Select(person => person.Uid));
        Assert.Equal(10, (await DrawAsync(me, count: 10, swiped: [], superlikers: [2])).People.Count);
    }

    [Fact]
    public async Task An_empty_deck_says_how_many_others_each_filter_left_out()
    {
        var me = Add(1, Sex.Male);
        Add(2, Sex.Female);
        Add(3, Sex.Female);
        Add(4, Sex.Male);

        var draw = await DrawAsync(me, count: 30, swiped: [2, 3], superlikers: []);

        Assert.Empty(draw.People);
        Assert.Equal(new DeckExclusions(Sex: 1, Place: 0, Age: 0, Seen: 2), draw.Exclusions);
    }

    [Fact]
    public async Task Who_is_not_known_here_gets_an_empty_deck()
    {
        var nobody = new Profile { Uid = 77, Phone = "+999", Created = 0 };
        var draw = await _search.DrawAsync(
            nobody, 30, Today, why: false, (_, _, _) => throw new InvalidOperationException("not to be asked"),
            TestContext.Current.CancellationToken);
        Assert.Empty(draw.People);
    }

    [Fact]
    public async Task A_deck_is_not_searched_on_the_thread_that_asks_for_it()
    {
        var me = Add(1, Sex.Male);

        var (asker, searcher) = await DrawFromAThreadOfItsOwnAsync(me);

        Assert.NotSame(asker, searcher);
    }

    [Fact]
    public async Task Nor_does_that_thread_wait_where_as_many_decks_are_searched_as_can_be()
    {
        var me = Add(1, Sex.Male);
        using var isFree = new ManualResetEventSlim();
        using var taken = new CountdownEvent(Environment.ProcessorCount);
        var others = Enumerable.Range(2, Environment.ProcessorCount).Select(uid => Add(uid, Sex.Male)).Select(other =>
            _search.DrawAsync(other, 30, Today, why: false, (_, _, _) =>
            {
                taken.Signal();
                isFree.Wait(Patience);
                return DeckHistory.Of([], []);
            }).AsTask()).ToArray();
        Assert.True(taken.Wait(Patience, TestContext.Current.CancellationToken), "there are not as many places");

        // Its thread ends, or this one would not get on to free the places.
        var drawing = DrawFromAThreadOfItsOwnAsync(me);
        Assert.False(drawing.IsCompleted);
        isFree.Set();
        var (asker, searcher) = await drawing;

        Assert.NotSame(asker, searcher);
        await Task.WhenAll(others);
    }

    [Fact]
    public void A_history_made_of_slots_drops_exactly_these()
    {
        var random = new Random(5);
        for (var count = 0; count < 300; count++)
        {
            var slots = Enumerable.Range(0, count).Select(_ => random.Next(1_000)).ToArray();
            using var history = DeckHistory.Of(slots, []);
            Assert.All(Enumerable.Range(0, 1_000), slot => Assert.Equal(slots.Contains(slot), history.Swiped.Drops(slot)));
        }
    }

    // Returns when the thread has ended, with a task of the search.
    private Task<(Thread Asker, Thread Searcher)> DrawFromAThreadOfItsOwnAsync(Profile me)
    {
        Thread? searcher = null;
        Task drawing = Task.CompletedTask;
        var asker = new Thread(() => drawing = _search.DrawAsync(me, 30, Today, why: false, (_, _, _) =>
        {
            searcher = Thread.CurrentThread;
            return DeckHistory.Of([], []);
        }).AsTask())
        { IsBackground = true };
        asker.Start();
        Assert.True(asker.Join(Patience), "the thread that asks is held up");
        return SearcherAsync();

        async Task<(Thread, Thread)> SearcherAsync()
        {
            await drawing.WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.NotNull(searcher);
            return (asker, searcher);
        }
    }

    private ValueTask<DeckDraw> DrawAsync(Profile me, int count, long[] swiped, long[] superlikers) =>
        _search.DrawAsync(me, count, Today, why: false, (_, _, _) => DeckHistory.Of(Slots(swiped), Slots(superlikers)));

    private Profile Add(long uid, Sex sex)
    {
        var profile = new Profile
        {
            Uid = uid,
            Phone = "+999",
            Created = 0,
            Sex = sex,
            Birthday = new DateOnly(2000, 1, 1),
            DatingSex = sex == Sex.Male ? Sex.Female : Sex.Male,
        };
        _directory.Show(new CachedProfile(profile));
        return profile;
    }

    private int[] Slots(long[] uids) => [.. uids.Select(uid => _directory.People.TryGetSlot(uid, out var slot) ? slot : -1)];
}
