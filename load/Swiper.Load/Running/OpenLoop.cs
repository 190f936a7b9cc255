using System.Diagnostics;
using Swiper.Load.Measuring;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Running;

/// <summary>
/// Requests are due at fixed times, whatever the server does; users take them in turns. Latency counts from when a request was due, so
/// that a server that stops for a second is seen to have kept waiting all who would have come in that second.
/// </summary>
internal sealed class OpenLoop(Schedule schedule, int inFlight, Recorder recorder, Window window) : ILoop, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    // Requests go out in small bursts, a tick of the operating system's timer apart. Up to here that is the runner's doing and not the
    // server's; what is later still counts.
    private static readonly long Grain = Window.Ticks(2 * Tick);

    private readonly CancellationTokenSource _over = new();
    private DueQueue[] _queues = [];

    public async Task RunAsync(IReadOnlyList<IVirtualUser> users)
    {
        _queues = [.. users.Select(_ => new DueQueue())];
        var asking = users.SelectMany((user, index) => Enumerable.Range(0, inFlight).Select(_ => AskOrEndAsync(user, _queues[index])))
            .ToList();
        // A thread of its own, not one of the pool: it must not wait for one when the load is high.
        var pacing = Task.Factory.StartNew(PaceAndFinish, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll([pacing, .. asking]).ConfigureAwait(false);
    }

    // The pacer, which may be late, finishes the queues when the last request that was due is in one of them.
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
        // The grain must not move it from one part of the run into the next.
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

    // A fault of the runner must not wait for the end of a long run.
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
