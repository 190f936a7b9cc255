using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.Records;

/// <summary>
/// Brings what a host holds in memory up to date with what other hosts tell of. Events may come twice and late, so what counts is what the
/// shard says now: for each key one reading at a time, so that it is the last one, and again while the shard is away.
/// </summary>
internal sealed class HeardChanges : IDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Func<long, Task> _read;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly UserTurns _turns = new();
    private readonly ConcurrentQueue<long> _early = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private bool _isLoaded;

    /// <param name="read">Reads what belongs to a key, and shows it.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The log.</param>
    public HeardChanges(Func<long, Task> read, TimeProvider clock, ILogger logger) =>
        (_read, _clock, _logger, _stopped) = (read, clock, logger, _stopping.Token);

    /// <summary>What belongs to the key has changed.</summary>
    public void Hear(long key)
    {
        if (!Volatile.Read(ref _isLoaded))
            _early.Enqueue(key);
        _ = ReadAsync(key).AsTask();
    }

    /// <summary>
    /// Everything has been read. What changed meanwhile may have been read before or after, and is read once more.
    /// </summary>
    public async Task LoadedAsync()
    {
        Volatile.Write(ref _isLoaded, true);
        while (_early.TryDequeue(out var key))
            await ReadAsync(key).ConfigureAwait(false);
    }

    /// <summary>Gives up on readings of a shard that is away.</summary>
    public void Dispose()
    {
        // By the engine, and by the container that hands repositories out.
        if (_stopped.IsCancellationRequested)
            return;
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private ValueTask<bool> ReadAsync(long key) => _turns.RunAsync(key, async () =>
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                await _read(key).ConfigureAwait(false);
                return true;
            }
            catch (StoreUnavailableException)
            {
                // Logged by the shard.
            }
            catch (Exception exception)
            {
                RecordsLog.NotRead(_logger, key, exception);
            }
            await Task.Delay(TryAgainAfter, _clock, _stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    });
}
