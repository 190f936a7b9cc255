using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Sharding;

public class BatchIdsTests
{
    private static readonly DateTimeOffset Start = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_id_holds_time_node_and_sequence()
    {
        var id = new BatchIds(513, new Clock(Start)).Next();
        Assert.True(id > 0);
        Assert.Equal((long)(Start - new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMilliseconds, id >> 22);
        Assert.Equal(513, (id >> 12) & 1023);
    }

    [Fact]
    public void More_than_a_millisecond_holds_are_all_different()
    {
        var ids = new BatchIds(1, new Clock(Start));
        var last = 0L;
        for (var i = 0; i < 50_000; i++)
        {
            var id = ids.Next();
            Assert.True(id > last);
            last = id;
        }
    }

    [Fact]
    public void A_clock_that_goes_back_repeats_nothing()
    {
        var clock = new Clock(Start);
        var ids = new BatchIds(1, clock);
        var seen = new HashSet<long>();
        for (var i = 0; i < 20_000; i++)
        {
            Assert.True(seen.Add(ids.Next()));
            clock.Now += TimeSpan.FromMilliseconds(i % 100 == 99 ? -150 : 1);
        }

        clock.Now = DateTimeOffset.UnixEpoch;
        var id = ids.Next();
        Assert.True(id > 0 && seen.Add(id));
    }

    [Fact]
    public void A_start_with_a_clock_that_is_behind_goes_on_after_what_the_store_holds()
    {
        var before = new BatchIds(1, new Clock(Start)).Next();
        var ids = new BatchIds(1, new Clock(Start.AddHours(-1)));
        ids.NotBefore(before);
        Assert.True(ids.Next() > before);
        ids.NotBefore(5);
        Assert.True(ids.Next() > before);
    }

    [Fact]
    public void Many_threads_get_different_ids()
    {
        const int Threads = 8, Each = 50_000;
        var ids = new BatchIds(1, TimeProvider.System);
        var made = new long[Threads][];
        using var ready = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            var mine = made[t] = new long[Each];
            ready.SignalAndWait();
            for (var i = 0; i < Each; i++)
                mine[i] = ids.Next();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(Threads * Each, made.SelectMany(ids => ids).ToHashSet().Count);
        Assert.All(made, ids => Assert.True(ids.Zip(ids.Skip(1)).All(pair => pair.First < pair.Second)));
    }

    [Fact]
    public void Making_an_id_allocates_nothing()
    {
        var ids = new BatchIds(1, TimeProvider.System);
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            for (var i = 0; i < 10_000; i++)
                ids.Next();
        }));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    public void A_node_that_has_no_place_in_the_id_is_refused(int node) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchIds(node, TimeProvider.System));

    private sealed class Clock(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
