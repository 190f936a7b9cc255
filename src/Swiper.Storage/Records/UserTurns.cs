using System.Runtime.InteropServices;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Records;

/// <summary>
/// Runs the works of one key one after the other, in the order of the calls, and those of different keys at the same time. A work waits
/// for as long as those before it take, and each of them has a deadline.
/// </summary>
internal sealed class UserTurns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Task> _last = [];
    private int _busy;

    /// <summary>Whether a work of the key runs or waits. Takes no lock while there is none of any key.</summary>
    public bool IsBusy(long key)
    {
        if (Volatile.Read(ref _busy) == 0)
            return false;
        lock (_gate)
            return _last.ContainsKey(key);
    }

    public async ValueTask<TResult> RunAsync<TResult>(long key, Func<ValueTask<TResult>> work)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_gate)
        {
            ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, key, out _);
            before = last ?? Task.CompletedTask;
            last = turn.Task;
            Volatile.Write(ref _busy, _last.Count);
        }

        if (!before.IsCompleted)
        {
            using var span = Spans.Begin("turn");
            await before.ConfigureAwait(false);
        }

        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (_last[key] == turn.Task)
                    _last.Remove(key);
                Volatile.Write(ref _busy, _last.Count);
            }

            turn.SetResult();
        }
    }
}
