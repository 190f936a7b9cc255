using System.Runtime.CompilerServices;

namespace Swiper.Bench.Hosting;

/// <summary>
/// Callers that each start an operation, await it and start the next on the thread that completed it, so that there is one operation in
/// flight per caller. Allocates nothing itself.
/// </summary>
internal sealed class ConcurrentCallers<TResult> : IDisposable
{
    private readonly Caller[] _callers;
    private readonly CountdownEvent _finished = new(1);
    private readonly Func<ValueTask<TResult>> _start;
    private readonly Action<TResult> _check;
    private Exception? _failure;
    private int _remaining;

    /// <param name="callers">Operations in flight.</param>
    /// <param name="start">Begins one; called on any thread, by several at once.</param>
    /// <param name="check">Throws for a wrong result.</param>
    public ConcurrentCallers(int callers, Func<ValueTask<TResult>> start, Action<TResult> check)
    {
        _start = start;
        _check = check;
        _callers = [.. Enumerable.Range(0, callers).Select(_ => new Caller(this))];
    }

    /// <summary>Returns when the given number of operations have completed.</summary>
    public void Run(int operations)
    {
        _finished.Reset(_callers.Length);
        Volatile.Write(ref _remaining, operations);
        foreach (var caller in _callers)
            caller.Next();
        _finished.Wait();
        if (_failure is { } failure)
            throw new InvalidOperationException("An operation failed.", failure);
    }

    public void Dispose() => _finished.Dispose();

    private sealed class Caller
    {
        private readonly ConcurrentCallers<TResult> _loop;
        private readonly Action _ended;
        private ConfiguredValueTaskAwaitable<TResult>.ConfiguredValueTaskAwaiter _awaiter;

        public Caller(ConcurrentCallers<TResult> loop)
        {
            _loop = loop;
            _ended = Ended;
        }

        public void Next()
        {
            try
            {
                while (Interlocked.Decrement(ref _loop._remaining) >= 0)
                {
                    // Stored in a field and consumed once, as an async method would do, which would allocate and distort the figures.
#pragma warning disable CA2012
                    _awaiter = _loop._start().ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
                    if (!_awaiter.IsCompleted)
                    {
                        _awaiter.UnsafeOnCompleted(_ended);
                        return;
                    }
                    _loop._check(_awaiter.GetResult());
                }
            }
            catch (Exception exception)
            {
                _loop._failure = exception;
            }
            _loop._finished.Signal();
        }

        private void Ended()
        {
            try
            {
                _loop._check(_awaiter.GetResult());
            }
            catch (Exception exception)
            {
                _loop._failure = exception;
            }
            Next();
        }
    }
}
