using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Swiper.Host.Connections;

/// <summary>
/// Continues connections whose clients send without end: one at a time, in their order, so that together they keep one thread busy however
/// many they are. Awaiting it lets the others have their turn.
/// </summary>
internal sealed class TurnQueue : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<Action> _waiting = new();
    private int _isScheduled;

    public Awaiter GetAwaiter() => new(this);

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            if (_waiting.TryDequeue(out var proceed))
                proceed();
        }
        finally
        {
            // Behind whatever else the pool has to do by now.
            Volatile.Write(ref _isScheduled, 0);
            if (!_waiting.IsEmpty)
                Schedule();
        }
    }

    private void Enqueue(Action proceed)
    {
        _waiting.Enqueue(proceed);
        Schedule();
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>For the compiler.</summary>
    public readonly struct Awaiter(TurnQueue queue) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public void GetResult()
        {
            // It can't fail.
        }

        public void OnCompleted(Action continuation) => queue.Enqueue(continuation);

        public void UnsafeOnCompleted(Action continuation) => queue.Enqueue(continuation);
    }
}
