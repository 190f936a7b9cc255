using System.Diagnostics;
using Swiper.Core.Social;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Tests.Redis;

/// <summary>How fast the index takes swipes of random pairs. Run with <c>-explicit only</c>.</summary>
[Collection(nameof(Embedded.Sqlite.CountsTheWholeProcess))]
public sealed class SwipeIndexMeasurements(OneRedis redis) : IClassFixture<OneRedis>
{
    private const int People = 100_000;
    private const int Swipes = 600_000;

    /// <summary>As many batches wait as there are lanes; each goes by itself, or with those that have gathered.</summary>
    [Theory(Explicit = true)]
    [InlineData(20, 1)]
    [InlineData(200, 1)]
    [InlineData(1000, 1)]
    [InlineData(20, 4)]
    [InlineData(200, 4)]
    [InlineData(1000, 4)]
    public async Task Swipes_a_second(int size, int lanes)
    {
        redis.Empty();
        using var index = new SwipeIndex(new RedisOptions { Configuration = redis.Configuration });
        Eventually.Holds(() => index.IsReachable, "being reachable");
        await Rebuild.AllAsync(index, new SwipeTruth(10));

        var random = new Random(1);
        var people = Enumerable.Range(0, People).Select(_ => random.NextInt64(1L << 60, long.MaxValue)).ToArray();
        var swipes = new IndexedSwipe[Swipes];
        foreach (ref var swipe in swipes.AsSpan())
        {
            // Four likes in ten, one superlike in twenty.
            var kind = random.Next(20) switch { < 8 => SwipeKind.Like, 8 => SwipeKind.Superlike, _ => SwipeKind.Dislike };
            swipe = new IndexedSwipe(people[random.Next(People)], people[random.Next(People)], kind,
                SwipeTruth.Midnight + random.Next(60_000));
        }

        await RunAsync(index, swipes.AsMemory(0, Swipes / 6), size, lanes, 1);
        var allocated = GC.GetTotalAllocatedBytes();
        var begun = Stopwatch.GetTimestamp();
        var used = redis.Servers[0].ProcessorTime;
        await RunAsync(index, swipes.AsMemory(Swipes / 6), size, lanes, 2);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        const double measured = Swipes - Swipes / 6;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"batches of {size}, {lanes} lane(s): {measured / seconds / 1000:0} k swipes/s; "
            + $"Redis {(redis.Servers[0].ProcessorTime - used).TotalMicroseconds / measured:0.00} us of processor and "
            + $"{(GC.GetTotalAllocatedBytes() - allocated) / measured:0} bytes of garbage a swipe");
    }

    /// <summary>
    /// What Redis alone does of the dearest part: scores of random members of sorted sets of the same sizes, as many as one swipe
    /// changes.
    /// </summary>
    [Fact(Explicit = true)]
    public void Bare_changes_of_scores_a_second()
    {
        const string script = """
            for i = 1, 1000 do
                local person = math.random(100000)
                local group, member = person % 64, tostring(person * 7919 + 1000000000000000)
                for board = 1, 3 do
                    redis.call('ZINCRBY', 'bare:' .. group .. ':' .. board, 5 + math.random(), member)
                end
            end
            """;
        redis.Empty();
        for (var round = 0; round < 200; round++)
            redis.Servers[0].Command("EVAL", script, "0");
        var used = redis.Servers[0].ProcessorTime;
        for (var round = 0; round < 500; round++)
            redis.Servers[0].Command("EVAL", script, "0");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"three ZINCRBY in a script: {(redis.Servers[0].ProcessorTime - used).TotalMicroseconds / 500_000:0.00} us of processor");
    }

    private static Task RunAsync(SwipeIndex index, ReadOnlyMemory<IndexedSwipe> swipes, int size, int lanes, int node) =>
        Task.WhenAll(Enumerable.Range(0, lanes).Select(async lane =>
        {
            await Task.Yield();
            for (int start = lane * size, id = 1; start < swipes.Length; start += size * lanes, id++)
            {
                var batch = new IndexBatch(node, lane, id, swipes.Slice(start, Math.Min(size, swipes.Length - start)));
                index.Enqueue(batch);
                await batch.Applied;
            }
        }));
}
