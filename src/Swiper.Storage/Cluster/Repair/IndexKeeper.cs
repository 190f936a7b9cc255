using System.Numerics;
using Microsoft.Extensions.Logging;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Cluster.Repair;

/// <summary>
/// Rebuilds untrusted groups of the index: Redis was emptied, restarted, replaced, or never filled. Several hosts may notice; one
/// rebuilds.
/// </summary>
internal sealed class IndexKeeper : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    // One rebuild for all groups that are reported in the same moment, which is one of Redis: real time, whatever the clock says.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private readonly IReadOnlyList<ShardServer> _servers;
    private readonly SwipeIndex _index;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstRound = NotYet();
    private TaskCompletionSource _noticed = NotYet();
    private Task _loop = Task.CompletedTask;
    private ulong _untrusted;
    private long _rebuilds;

    public IndexKeeper(IReadOnlyList<ShardServer> servers, SwipeIndex index, TimeProvider clock, ILogger logger) =>
        (_servers, _index, _clock, _logger) = (servers, index, clock, logger);

    /// <summary>Completes once all groups were checked, and rebuilt where possible.</summary>
    public Task FirstRound => _firstRound.Task;

    /// <summary>How many groups were not trusted at the last look that Redis answered.</summary>
    public int Untrusted => BitOperations.PopCount(Volatile.Read(ref _untrusted));

    /// <summary>How often this host has rebuilt groups.</summary>
    public long Rebuilds => Volatile.Read(ref _rebuilds);

    public void Start()
    {
        _index.Untrusted += Notice;
        _loop = Task.Run(KeepAsync);
    }

    public void Dispose()
    {
        _index.Untrusted -= Notice;
        _stopping.Cancel();
        // Nobody waits for a rebuild, so its queries may take longer than a deadline.
        _loop.Wait(StopPatience);
    }

    private static TaskCompletionSource NotYet() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Notice(int group) => Volatile.Read(ref _noticed).TrySetResult();

    private async Task KeepAsync()
    {
        var stopping = _stopping.Token;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await LookAsync(stopping).ConfigureAwait(false);
                _firstRound.TrySetResult();
                // Newly untrusted groups are checked soon; those that another host was rebuilding, or that Redis did not answer for, a
                // little later.
                await _noticed.Task.WaitAsync(LookEvery, _clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await Task.Delay(Gathering, stopping).ConfigureAwait(false);
                Volatile.Write(ref _noticed, NotYet());
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            _firstRound.TrySetResult();
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            var (untrusted, mending) = (0UL, 0UL);
            // A server that does not answer is logged by its worker.
            foreach (var node in await new IndexRepair(_index).StatusAsync().ConfigureAwait(false))
            {
                if (node.Trusted is not { } trusted)
                    continue;
                untrusted |= node.Groups & ~trusted & ~node.Mending;
                mending |= node.Mending;
            }

            Volatile.Write(ref _untrusted, untrusted | mending);
            if (untrusted == 0)
                return;
            var began = _clock.GetTimestamp();
            var progress = default(RebuildProgress);
            var rebuilt = await new GroupRebuild(_servers, _index, _clock, GroupRebuild.DefaultRowsASecond)
                .RunAsync(untrusted, now => progress = now, stopping).ConfigureAwait(false);
            Volatile.Write(ref _untrusted, (untrusted | mending) & ~rebuilt);
            if (rebuilt != 0)
            {
                Interlocked.Increment(ref _rebuilds);
                RepairLog.Rebuilt(_logger, BitOperations.PopCount(rebuilt), progress.Users,
                    _clock.GetElapsedTime(began).TotalSeconds);
            }
        }
        catch (Exception exception) when (Unavailability.Is(exception))
        {
            RepairLog.NotRebuilt(_logger, exception);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            RepairLog.Faulted(_logger, exception);
        }
    }
}
