using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Records;

namespace Swiper.Storage.Accounts;

/// <summary>
/// Notes once an hour that the devices with a connection to this host are there: some stay connected for weeks, and must not pass for the
/// longest unseen. Many at a time, so that the ends of connections need not write anything.
/// </summary>
internal sealed class ConnectedDevices : IDisposable
{
    // Few enough for a transaction that nobody has to wait for.
    private const int DevicesATime = 500;

    private readonly IRecords _records;
    private readonly SessionRegistry _sessions;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;

    /// <param name="records">Of a started engine.</param>
    /// <param name="sessions">Who is connected.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The log.</param>
    public ConnectedDevices(IRecords records, SessionRegistry sessions, TimeProvider clock, ILogger logger)
    {
        (_records, _sessions, _clock, _logger) = (records, sessions, clock, logger);
        _watching = WatchAsync(new PeriodicTimer(IDeviceRepository.SeenWithin, clock));
    }

    /// <summary>Waits for what is being written, which is bounded by the deadline of a shard.</summary>
    public void Dispose()
    {
        if (_stopping.IsCancellationRequested)
            return;
        _stopping.Cancel();
        _watching.Wait();
        _stopping.Dispose();
    }

    private async Task WatchAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
                    await NoteAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // Disposed.
            }
        }
    }

    private async Task NoteAsync()
    {
        var now = _clock.NowMs();
        foreach (var shard in _sessions.SignedIn().ToLookup(device => _records.ShardKeyOf(device.Uid)))
        {
            foreach (var devices in shard.Chunk(DevicesATime))
            {
                if (_stopping.IsCancellationRequested)
                    return;
                await TryNoteAsync(shard.Key, devices, now).ConfigureAwait(false);
            }
        }
    }

    private async Task TryNoteAsync(long shard, Identity[] devices, long now)
    {
        // In one order on all hosts, which may note the same devices at the same time.
        var ids = devices.Select(device => device.TokenId).Order();
        try
        {
            await _records.RunAsync(shard, session => session.ExecuteAsync(
                "UPDATE devices SET last_seen = @now WHERE id IN @ids", new { now, ids })).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // Logged by the shard; they are noted in an hour, or when they come back.
        }
        catch (Exception exception)
        {
            RecordsLog.NotSeen(_logger, exception);
        }
    }
}
