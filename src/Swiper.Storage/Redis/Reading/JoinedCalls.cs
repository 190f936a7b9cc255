namespace Swiper.Storage.Redis.Reading;

/// <summary>
/// Makes one call for all who ask the same thing while the call before it is under way. Nobody is answered by a call that began before
/// the question, so that an answer is never older than its question.
/// </summary>
internal sealed class JoinedCalls<TKey, TResult>(Func<TKey, Task<TResult>> call)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Turns> _turns = [];

    public Task<TResult> AskAsync(TKey key)
    {
        lock (_gate)
        {
            if (_turns.TryGetValue(key, out var turns))
                return turns.Next ??= CallAsync(key, turns, after: turns.Current);
            _turns.Add(key, turns = new Turns());
            return turns.Current = CallAsync(key, turns, after: null);
        }
    }

    private async Task<TResult> CallAsync(TKey key, Turns turns, Task? after)
    {
        if (after is null)
        {
            // Never under the lock of whoever asks.
            await Task.Yield();
        }
        else
        {
            // How the call before ended is for those who asked it.
            await after.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            lock (_gate)
                (turns.Current, turns.Next) = (turns.Next!, null);
        }

        try
        {
            return await call(key).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (turns.Next is null)
                    _turns.Remove(key);
            }
        }
    }

    private sealed class Turns
    {
        public Task<TResult> Current = null!;
        public Task<TResult>? Next;
    }
}
