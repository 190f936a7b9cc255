using Swiper.Core.Accounts;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public class PeopleIndexTests
{
    [Fact]
    public void Users_get_dense_slots_and_keep_what_was_written()
    {
        const int count = ChunkedColumn<int>.ChunkSize + 5_000;
        var people = new PeopleIndex();
        for (var i = 0; i < count; i++)
            Assert.Equal(i, people.Add(1_000_000 + i * 3L, Sample(people, i)));

        Assert.Equal(count, people.Count);
        for (var i = 0; i < count; i++)
        {
            Assert.True(people.TryGetSlot(1_000_000 + i * 3L, out var slot));
            Assert.Equal(i, slot);
            Assert.Equal(1_000_000 + i * 3L, people.UidOf(slot));
            Assert.Equal(Sample(people, i), people[slot]);
        }
        Assert.False(people.TryGetSlot(1_000_001, out _));
    }

    [Fact]
    public void Adding_a_known_user_answers_the_old_slot_and_changes_nothing()
    {
        var people = new PeopleIndex();
        var first = people.Add(7, Sample(people, 1));
        Assert.Equal(first, people.Add(7, Sample(people, 2)));
        Assert.Equal(Sample(people, 1), people[first]);
        Assert.Equal(1, people.Count);
    }

    [Fact]
    public void An_update_replaces_what_is_known()
    {
        var people = new PeopleIndex();
        var slot = people.Add(7, default);
        people.Update(slot, Sample(people, 2));
        Assert.Equal(Sample(people, 2), people[slot]);
        Assert.Throws<ArgumentOutOfRangeException>(() => people.Update(slot + 1, default));
    }

    [Fact]
    public async Task A_reader_beside_a_writer_finds_a_user_complete()
    {
        const int count = 150_000;
        var people = new PeopleIndex();
        var writer = Task.Run(() =>
        {
            for (var i = 0; i < count; i++)
                people.Add(i + 1, new Person(Sex.Male, i + 1, default, 0));
        }, TestContext.Current.CancellationToken);
        var random = new Random(4);
        while (!writer.IsCompleted)
        {
            var uid = random.Next(1, count);
            if (people.TryGetSlot(uid, out var slot))
            {
                Assert.Equal(uid, people.UidOf(slot));
                Assert.Equal(uid, people[slot].Birthday);
            }
        }
        await writer;
    }

    [Fact]
    public void Reading_and_updating_make_no_garbage()
    {
        var people = new PeopleIndex();
        for (var i = 0; i < 1_000; i++)
            people.Add(i + 1, Sample(people, i));
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                people.TryGetSlot(i + 1, out var slot);
                people.Update(slot, people[slot] with { Birthday = i });
            }
        }));
    }

    [Fact]
    public void A_location_text_has_one_number()
    {
        var texts = new LocationTexts();
        Assert.Equal((LocationTexts.None, LocationTexts.None), (texts.Acquire(""), texts.Find("")));
        for (var i = 0; i < 500; i++)
            Assert.Equal(i + 1, texts.Acquire($"City {i}"));
        Assert.Equal(8, texts.Acquire(new string("City 7")));
        Assert.Equal(8, texts.Find("City 7"));
        Assert.Equal(LocationTexts.Unknown, texts.Find("city 7"));
        Assert.Equal(500, texts.Count);
    }

    [Fact]
    public void A_location_text_is_forgotten_with_the_last_one_who_has_it_and_its_number_is_not_the_next()
    {
        var texts = new LocationTexts();
        var number = texts.Acquire("City");
        Assert.Equal(number, texts.Acquire("City"));
        texts.Release(number);
        Assert.Equal(number, texts.Find("City"));
        texts.Release(number);
        Assert.Equal((LocationTexts.Unknown, 0), (texts.Find("City"), texts.Count));
        // A search that found the number before must not find those of another text.
        Assert.NotEqual(number, texts.Acquire("Another"));
        Assert.NotEqual(number, texts.Acquire("City"));
        texts.Release(LocationTexts.None);
        Assert.Equal(LocationTexts.None, texts.Find(""));
    }

    private static Person Sample(PeopleIndex people, int i) => new(
        (Sex)(i & 1),
        i % 5 == 0 ? 0 : 720_000 + i % 9_000,
        i % 7 == 0 ? default : GridPlace.Snap(new GeoPoint(i % 90, i % 180)),
        people.Locations.Acquire($"Town {i % 50}"));
}
