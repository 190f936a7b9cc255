using BenchmarkDotNet.Attributes;
using Swiper.Bench.Hosting;
using Swiper.Core.Social;
using Swiper.Storage.Redis;

namespace Swiper.Bench.Indexes;

/// <summary>
/// Swipes of random pairs among 100,000 people, told to the index in Redis: each lane has one batch in flight. One operation is one swipe.
/// </summary>
[BenchmarkCategory(BenchmarkCategories.Cluster)]
public class SwipeIndexBenchmarks : IDisposable
{
    private const int People = 100_000;
    private const int Swipes = 20_000;

    // Far from the numbers that the engine which builds the index takes.
    private const int Node = 700;

    private readonly IndexedSwipe[] _swipes = new IndexedSwipe[Swipes];
    private BenchStore _store = null!;
    private SwipeIndex _index = null!;
    private long _batch;

    [Params(20, 200, 1_000)]
    public int Batch { get; set; }

    [Params(1, 4)]
    public int Lanes { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _store = BenchStore.StartCluster(people: 0);
        _index = new SwipeIndex(new RedisOptions { Configuration = _store.Redis! });
        var random = new Random(1);
        var people = Enumerable.Range(0, People).Select(_ => random.NextInt64(1L << 60, long.MaxValue)).ToArray();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (ref var swipe in _swipes.AsSpan())
        {
            // Four likes in ten, one superlike in twenty.
            var kind = random.Next(20) switch { < 8 => SwipeKind.Like, 8 => SwipeKind.Superlike, _ => SwipeKind.Dislike };
            swipe = new IndexedSwipe(people[random.Next(People)], people[random.Next(People)], kind, now);
        }
        Apply();
    }

    [Benchmark(OperationsPerInvoke = Swipes)]
    public void Apply() => Task.WhenAll(Enumerable.Range(0, Lanes).Select(ApplyAsync)).GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Dispose()
    {
        _index.Dispose();
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task ApplyAsync(int lane)
    {
        for (var start = lane * Batch; start < Swipes; start += Batch * Lanes)
        {
            var batch = new IndexBatch(
                Node, lane, Interlocked.Increment(ref _batch), _swipes.AsMemory(start, Math.Min(Batch, Swipes - start)));
            _index.Enqueue(batch);
            await batch.Applied;
        }
    }
}
