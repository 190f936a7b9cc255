using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public class UidMapTests
{
    [Fact]
    public void A_map_agrees_with_a_dictionary_through_many_resizes()
    {
        var random = new Random(1);
        var map = new UidMap(8);
        var model = new Dictionary<long, int>();
        for (var i = 0; i < 50_000; i++)
        {
            var uid = random.Next(3) == 0 ? random.NextInt64(1, 10_000) : random.NextInt64(long.MinValue, -1);
            Assert.Equal(model.TryAdd(uid, i), map.Add(uid, i));
        }
        Assert.Equal(model.Count, map.Count);
        foreach (var (uid, slot) in model)
        {
            Assert.True(map.TryGet(uid, out var found));
            Assert.Equal(slot, found);
            Assert.Equal(model.ContainsKey(uid + 1), map.TryGet(uid + 1, out _));
        }
    }

    [Fact]
    public void Zero_is_no_uid()
    {
        var map = new UidMap();
        Assert.False(map.TryGet(0, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Add(0, 1));
    }

    [Fact]
    public async Task A_reader_beside_a_writer_finds_all_that_was_added_before()
    {
        const int count = 200_000;
        var map = new UidMap(8);
        var added = 0;
        var writer = Task.Run(() =>
        {
            for (var i = 1; i <= count; i++)
            {
                map.Add(i * 7919L, i);
                Volatile.Write(ref added, i);
            }
        }, TestContext.Current.CancellationToken);

        var random = new Random(2);
        while (!writer.IsCompleted)
        {
            var known = Volatile.Read(ref added);
            var i = random.Next(1, count);
            var found = map.TryGet(i * 7919L, out var slot);
            Assert.True(found || i > known);
            Assert.True(!found || slot == i);
        }
        await writer;
        Assert.Equal(count, map.Count);
    }

    [Fact]
    public void Looking_up_makes_no_garbage()
    {
        var map = new UidMap();
        for (var i = 1; i <= 10_000; i++)
            map.Add(i, i);
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            for (var i = 1; i <= 20_000; i++)
                map.TryGet(i, out _);
        }));
    }
}
