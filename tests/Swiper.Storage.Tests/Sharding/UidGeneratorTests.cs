using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Sharding;

public class UidGeneratorTests
{
    private static readonly DateTimeOffset Start = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_id_holds_time_node_and_sequence()
    {
        var uid = new UidGenerator(513, new Clock(Start)).Next();
        Assert.True(uid > 0);
        Assert.Equal((long)(Start - new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMilliseconds, uid >> 22);
        Assert.Equal(513, (uid >> 12) & 1023);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    public void The_buckets_take_turns_however_slowly_ids_are_asked_for(int millisecondsBetween)
    {
        var clock = new Clock(Start);
        var uids = new UidGenerator(1, clock);
        var counts = new int[ShardMap.Buckets];
        for (var i = 0; i < 64 * ShardMap.Buckets + 500; i++)
        {
            counts[ShardMap.BucketOf(uids.Next())]++;
            clock.Now += TimeSpan.FromMilliseconds(millisecondsBetween);
        }

        // Not merely even by chance: no bucket is ever more than one ahead of another.
        Assert.Equal(64, counts.Min());
        Assert.Equal(65, counts.Max());
    }

    [Fact]
    public void Generators_that_make_one_id_each_spread_too()
    {
        var counts = new double[64];
        for (var i = 0; i < 100_000; i++)
            counts[ShardMap.BucketOf(new UidGenerator(1, new Clock(Start)).Next()) % 64]++;
        Assert.True(Spread.ChiSquareZ(counts) < 8);
    }

    [Fact]
    public void More_than_a_millisecond_holds_are_all_different()
    {
        var uids = new UidGenerator(1, new Clock(Start));
        var last = 0L;
        for (var i = 0; i < 50_000; i++)
        {
            var uid = uids.Next();
            Assert.True(uid > last);
            last = uid;
        }
    }

    [Fact]
    public void A_clock_that_goes_back_repeats_nothing()
    {
        var clock = new Clock(Start);
        var uids = new UidGenerator(1, clock);
        var seen = new HashSet<long>();
        for (var i = 0; i < 20_000; i++)
        {
            Assert.True(seen.Add(uids.Next()));
            clock.Now += TimeSpan.FromMilliseconds(i % 100 == 99 ? -150 : 1);
        }

        clock.Now = DateTimeOffset.UnixEpoch;
        var uid = uids.Next();
        Assert.True(uid > 0 && seen.Add(uid));
    }

    [Fact]
    public void A_start_with_a_clock_that_is_behind_goes_on_after_what_the_store_holds()
    {
        var before = new UidGenerator(1, new Clock(Start)).Next();
        var uids = new UidGenerator(1, new Clock(Start.AddHours(-1)));
        uids.NotBefore(before);
        Assert.True(uids.Next() > before);
        uids.NotBefore(5);
        Assert.True(uids.Next() > before);
    }

    [Fact]
    public void Many_threads_get_different_ids()
    {
        const int Threads = 8, Each = 50_000;
        var uids = new UidGenerator(1, TimeProvider.System);
        var made = new long[Threads][];
        using var ready = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            var mine = made[t] = new long[Each];
            ready.SignalAndWait();
            for (var i = 0; i < Each; i++)
                mine[i] = uids.Next();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(Threads * Each, made.SelectMany(ids => ids).ToHashSet().Count);
        Assert.All(made, ids => Assert.True(ids.Zip(ids.Skip(1)).All(pair => pair.First < pair.Second)));
    }

    [Fact]
    public void Making_an_id_allocates_nothing()
    {
        var uids = new UidGenerator(1, TimeProvider.System);
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            for (var i = 0; i < 10_000; i++)
                uids.Next();
        }));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    public void A_node_that_has_no_place_in_the_id_is_refused(int node) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new UidGenerator(node, TimeProvider.System));

    private sealed class Clock(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
