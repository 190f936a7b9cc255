namespace Swiper.Storage.Redis.Reading;

/// <summary>
/// Makes one call for all identical requests that arrive while the previous call is in flight. No request is answered by a call that began
/// before it, so that an answer is never older than its request.
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
            // Never under the caller's lock.
            await Task.Yield();
        }
        else
        {
            // The outcome of the previous call concerns only its own callers.
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
