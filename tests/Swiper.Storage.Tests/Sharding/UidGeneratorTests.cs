using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Sharding;

public sealed class UidGeneratorTests
{
    private const int RandomBits = 40;

    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_id_is_positive_and_of_its_day()
    {
        var clock = new FakeTimeProvider(Start);
        var uids = new UidGenerator(clock);
        var first = uids.Next();
        Assert.Equal((Start - new DateTimeOffset(2024, 1, 1, 12, 0, 0, TimeSpan.Zero)).Days, first >> 50);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.True(uids.Next() > first);
        // After those of earlier versions, which are of 2 ^ 58 and more.
        Assert.True(first > ((long)(Start - new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMilliseconds << 22));

        foreach (var year in new[] { 1970, 2045, 2046, 2100 })
            Assert.True(new UidGenerator(new FakeTimeProvider(new DateTimeOffset(year, 12, 31, 0, 0, 0, TimeSpan.Zero))).Next() > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    public void The_buckets_take_turns_however_slowly_ids_are_asked_for(int millisecondsBetween)
    {
        var clock = new FakeTimeProvider(Start);
        var uids = new UidGenerator(clock);
        var counts = new int[ShardMap.Buckets];
        for (var i = 0; i < 64 * ShardMap.Buckets + 500; i++)
        {
            counts[ShardMap.BucketOf(uids.Next())]++;
            clock.Advance(TimeSpan.FromMilliseconds(millisecondsBetween));
        }

        // Not merely even by chance: no bucket is ever more than one ahead of another.
        Assert.Equal(64, counts.Min());
        Assert.Equal(65, counts.Max());
    }

    [Fact]
    public void Generators_that_make_one_id_each_spread_too()
    {
        var counts = new double[64];
        var clock = new FakeTimeProvider(Start);
        for (var i = 0; i < 100_000; i++)
            counts[ShardMap.BucketOf(new UidGenerator(clock).Next()) % 64]++;
        Assert.True(Spread.ChiSquareZ(counts) < 8);
    }

    // Whoever knows any of them could look for what they have in common with the next one: each bit, each byte, the difference from the
    // last one, and from the last one of the same bucket.
    [Fact]
    public void Knowing_a_hundred_thousand_ids_says_nothing_about_the_next()
    {
        const int Known = 100_000;
        var uids = new UidGenerator(new FakeTimeProvider(Start));
        var random = Enumerable.Range(0, Known).Select(_ => (ulong)uids.Next() >> 10 & ((1UL << RandomBits) - 1)).ToArray();
        // Of so many drawn from 2^40, one comes twice in every 200th run, and more than one in every 100,000th.
        Assert.InRange(random.Distinct().Count(), Known - 1, Known);
        AssertUniform(random);
        AssertUniform(Pairs(1, static (one, next) => next ^ one));
        AssertUniform(Pairs(1, static (one, next) => next - one));
        AssertUniform(Pairs(ShardMap.Buckets, static (one, next) => next ^ one));
        AssertUniform(Pairs(ShardMap.Buckets, static (one, next) => next - one));

        ulong[] Pairs(int apart, Func<ulong, ulong, ulong> difference) =>
            [.. random.Zip(random.Skip(apart), difference).Select(value => value & ((1UL << RandomBits) - 1))];
    }

    [Fact]
    public void A_clock_that_goes_back_and_a_new_start_repeat_nothing()
    {
        var clock = new FakeTimeProvider(Start) { AutoAdvanceAmount = TimeSpan.Zero };
        var seen = new HashSet<long>();
        for (var start = 0; start < 100; start++)
        {
            var uids = new UidGenerator(clock);
            for (var i = 0; i < 1_000; i++)
                Assert.True(seen.Add(uids.Next()));
        }
    }

    [Fact]
    public void Many_threads_get_different_ids()
    {
        const int Threads = 8, Each = 50_000;
        var uids = new UidGenerator(TimeProvider.System);
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
    }

    // Within what chance gives: each bit as often as not, and each value of each byte alike.
    private static void AssertUniform(ulong[] values)
    {
        for (var bit = 0; bit < RandomBits; bit++)
        {
            var ones = values.Count(value => (value >> bit & 1) == 1);
            Assert.InRange(Math.Abs(ones - values.Length / 2.0) / Math.Sqrt(values.Length / 4.0), 0, 6);
        }

        for (var shift = 0; shift < RandomBits; shift += 8)
        {
            var counts = new double[256];
            foreach (var value in values)
                counts[value >> shift & 255]++;
            Assert.True(Spread.ChiSquareZ(counts) < 8);
        }
    }
}
