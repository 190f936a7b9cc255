using System.Diagnostics;
using Swiper.Load.Measuring;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Running;

/// <summary>
/// Requests become due at fixed times, regardless of the server, and users take them in turn. Latency counts from the due time, so that
/// a server that stalls for a second is charged with the wait of every request due in that second.
/// </summary>
internal sealed class OpenLoop(Schedule schedule, int inFlight, Recorder recorder, Window window) : ILoop, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    // Requests leave in small bursts, one tick of the operating system's timer apart. Lateness up to this grain is the runner's and does
    // not count as latency; anything beyond it does.
    private static readonly long Grain = Window.Ticks(2 * Tick);

    private readonly CancellationTokenSource _over = new();
    private DueQueue[] _queues = [];

    public async Task RunAsync(IReadOnlyList<IVirtualUser> users)
    {
        _queues = [.. users.Select(_ => new DueQueue())];
        var asking = users.SelectMany((user, index) => Enumerable.Range(0, inFlight).Select(_ => AskOrEndAsync(user, _queues[index])))
            .ToList();
        // A dedicated thread: the pacer must not wait for a pool thread under high load.
        var pacing = Task.Factory.StartNew(PaceAndFinish, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll([pacing, .. asking]).ConfigureAwait(false);
    }

    // The pacer may be late, so it completes the queues itself once the last due request is queued.
    public void Finish()
    {
    }

    public void Abandon()
    {
        _over.Cancel();
        foreach (var due in _queues.SelectMany(queue => queue.Abandon()))
            recorder.RecordUnsent(due);
    }

    public void Dispose() => _over.Dispose();

    private void PaceAndFinish()
    {
        try
        {
            Pace();
        }
        finally
        {
            Array.ForEach(_queues, queue => queue.Finish());
        }
    }

    private void Pace()
    {
        for (var request = 0L; ;)
        {
            var now = Stopwatch.GetTimestamp();
            var end = window.End;
            for (var due = schedule.DueBy(Window.Seconds(Math.Min(now, end) - window.Begin)); request < due; request++)
            {
                _queues[request % _queues.Length].Offer(DueAt(request, now, end));
            }
            if (now >= end)
                return;
            Thread.Sleep(Tick);
        }
    }

    private long DueAt(long request, long now, long end)
    {
        var time = window.Begin + (long)(schedule.TimeOf(request) * Stopwatch.Frequency);
        // Allowing for the grain must not move a request from the warm-up into the measured part.
        return Math.Min(Math.Min(now, time + Grain), time <= window.Start ? window.Start : end);
    }

    private async Task AskAsync(IVirtualUser user, DueQueue queue)
    {
        var taker = new Taker();
        while (await queue.TakeAsync(taker).ConfigureAwait(false) is var due and not DueQueue.Over)
        {
            int step;
            try
            {
                step = await user.NextAsync(_over.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_over.IsCancellationRequested)
            {
                recorder.RecordUnsent(due);
                continue;
            }
            recorder.Record(step, await user.RunAsync(step).ConfigureAwait(false), due);
        }
    }

    // A bug in the runner must surface at once, not at the end of a long run.
    private async Task AskOrEndAsync(IVirtualUser user, DueQueue queue)
    {
        try
        {
            await AskAsync(user, queue).ConfigureAwait(false);
        }
        catch
        {
            window.EndEarly();
            throw;
        }
    }
}
