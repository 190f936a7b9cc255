using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Embedded.Sqlite;

/// <summary>Callers that each insert a random row, await it and insert the next, as many in flight as there are callers.</summary>
internal sealed class ClosedLoop : IDisposable
{
    private readonly Caller[] _callers;
    private readonly CountdownEvent _finished = new(1);
    private long _remaining;

    public ClosedLoop(Lane<SwipedWriter>[] lanes, int callers) =>
        _callers = [.. Enumerable.Range(0, callers).Select(i => new Caller(this, lanes[i % lanes.Length], i))];

    /// <summary>Returns when that many rows have been answered.</summary>
    public void Run(long rows)
    {
        _finished.Reset(_callers.Length);
        Volatile.Write(ref _remaining, rows);
        foreach (var caller in _callers)
            caller.Next();
        _finished.Wait();
    }

    public void Dispose() => _finished.Dispose();

    private sealed class Caller
    {
        private readonly ClosedLoop _loop;
        private readonly Lane<SwipedWriter> _lane;
        private readonly Random _random;
        private readonly Action _answered;
        private System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable<long>.ConfiguredValueTaskAwaiter _awaiter;

        public Caller(ClosedLoop loop, Lane<SwipedWriter> lane, int seed)
        {
            _loop = loop;
            _lane = lane;
            _random = new Random(seed);
            _answered = Answered;
        }

        public void Next()
        {
            while (Interlocked.Decrement(ref _loop._remaining) >= 0)
            {
#pragma warning disable CA2012 // Kept in a field and consumed once, as an async method would, without its garbage in the count.
                _awaiter = InsertSwiped.Into(_lane, _random.NextInt64(), _random.NextInt64()).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
                if (!_awaiter.IsCompleted)
                {
                    _awaiter.UnsafeOnCompleted(_answered);
                    return;
                }

                _awaiter.GetResult();
            }

            _loop._finished.Signal();
        }

        private void Answered()
        {
            _awaiter.GetResult();
            Next();
        }
    }
}
