using Microsoft.Extensions.Logging;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.Records;

/// <summary>
/// Keeps what every host holds in memory of all shards as the shards have it. Changes may be heard of twice, late, and while everything
/// is read for the first time, so what counts is what the shard says now: whoever hears of one reads it, one reading of a key at a time,
/// so that the last one decides.
/// </summary>
/// <param name="readAsync">Reads what the shard says of a key; what it answers shows that.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">The log.</param>
/// <param name="showUnread">Shows what does the least harm while the shard is away; what was read before stays if null.</param>
internal sealed class Mirror<TKey>(Func<TKey, Task<Action>> readAsync, TimeProvider clock, ILogger logger, Action<TKey>? showUnread = null)
    : IDisposable
    where TKey : notnull
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private readonly UserTurns _readings = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();

    // Those that are being read, and whether this host has changed them meanwhile.
    private readonly Dictionary<TKey, bool> _reading = [];

    // Heard of before everything was read; null afterwards.
    private List<TKey>? _heard = [];
    private volatile bool _isDisposed;

    /// <summary>Reads everything, at start; on the cluster after this host has begun to hear of changes.</summary>
    /// <exception cref="StoreUnavailableException">A shard can't be read now.</exception>
    public async Task LoadAsync(Func<Task> readAllAsync)
    {
        await readAllAsync().ConfigureAwait(false);
        // What changed meanwhile may have been read before or after.
        List<TKey> heard;
        lock (_gate)
            (heard, _heard) = (_heard!, null);
        foreach (var key in heard)
            await ReadAsync(key).ConfigureAwait(false);
    }

    /// <summary>Something has changed, on any host.</summary>
    public void Hear(TKey key)
    {
        lock (_gate)
            _heard?.Add(key);
        _ = ReadAsync(key);
    }

    /// <summary>
    /// A transaction of this host changes what the key says: that is shown once it is committed. A reading that has begun before may have
    /// found the older: it shows nothing, and reads again.
    /// </summary>
    public void Change(RecordSession session, TKey key, Action show) => session.OnCommitted(() =>
    {
        bool isLoading;
        lock (_gate)
        {
            show();
            if (_reading.ContainsKey(key))
                _reading[key] = true;
            isLoading = _heard is not null;
        }

        if (isLoading)
            Hear(key);
    });

    /// <summary>Gives up on readings of a shard that is away.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            // By the engine, and by the container that hands it out.
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task ReadAsync(TKey key) => await _readings.RunAsync(key.GetHashCode(), async () =>
    {
        while (!_isDisposed)
        {
            try
            {
                await ShowAsync(key).ConfigureAwait(false);
                return true;
            }
            catch (StoreUnavailableException)
            {
                // Logged by the shard.
                showUnread?.Invoke(key);
            }
            catch (Exception exception)
            {
                // Whatever it is at the end of the engine, nobody is shown anything any more.
                if (!_isDisposed)
                    RecordsLog.NotRead(logger, $"{key}", exception);
            }

            await WaitAsync().ConfigureAwait(false);
        }

        return false;
    }).ConfigureAwait(false);

    private async Task ShowAsync(TKey key)
    {
        try
        {
            while (true)
            {
                lock (_gate)
                    _reading[key] = false;
                var show = await readAsync(key).ConfigureAwait(false);
                lock (_gate)
                {
                    if (_reading[key])
                        continue;
                    show();
                    return;
                }
            }
        }
        finally
        {
            lock (_gate)
                _reading.Remove(key);
        }
    }

    private async Task WaitAsync()
    {
        Task pause;
        lock (_gate)
            pause = _isDisposed ? Task.CompletedTask : Task.Delay(TryAgainAfter, clock, _stopping.Token);
        await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
