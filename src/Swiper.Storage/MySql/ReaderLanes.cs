using Swiper.Storage.Sharding;

namespace Swiper.Storage.MySql;

/// <summary>
/// The readers of a shard: a fixed number of lanes, each with its connection, so that reads that wait are joined and the server never sees
/// more connections than these. Any thread hands reads over; they are answered in no order.
/// </summary>
internal sealed class ReaderLanes<TReader> : IDisposable
    where TReader : MySqlLaneReader
{
    public const int DefaultCount = 2;

    private readonly TReader[] _readers;
    private readonly Lane<TReader>[] _lanes;

    /// <param name="name">Names the threads.</param>
    /// <param name="open">Makes the reader of a lane.</param>
    /// <param name="count">How many lanes.</param>
    /// <param name="hooks">Around the batches of all lanes, on several threads at once.</param>
    /// <param name="completions">Likewise.</param>
    /// <param name="maxBatch">The most reads that are joined.</param>
    public ReaderLanes(string name, Func<TReader> open, int count = DefaultCount, LaneHooks<TReader>? hooks = null, ICompletionScope? completions = null,
        int maxBatch = Lane<TReader>.DefaultMaxBatch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _readers = [.. Enumerable.Range(0, count).Select(_ => open())];
        _lanes = [.. _readers.Select((reader, i) => new Lane<TReader>($"{name} reader {i}", reader, hooks, completions, maxBatch))];
    }

    /// <summary>The sizes of the batches that reads were joined into, a lane each.</summary>
    public IEnumerable<BatchSizes> BatchSizes => _lanes.Select(lane => lane.BatchSizes);

    /// <summary>Hands a read to the lane with the least to do. Never blocks, never throws.</summary>
    public void Enqueue(LaneOperation<TReader> operation)
    {
        var chosen = _lanes[0];
        var least = chosen.Unfinished;
        for (var i = 1; i < _lanes.Length && least > 0; i++)
        {
            var unfinished = _lanes[i].Unfinished;
            if (unfinished >= least)
                continue;
            least = unfinished;
            chosen = _lanes[i];
        }

        chosen.Enqueue(operation);
    }

    /// <summary>Answers what is queued; reads that come later fail.</summary>
    public void Stop()
    {
        foreach (var lane in _lanes)
            lane.Stop();
    }

    public void Dispose()
    {
        Stop();
        foreach (var reader in _readers)
            reader.Dispose();
    }
}
