using System.Diagnostics;
using Swiper.Load.Measuring;
using Swiper.Load.Results;

namespace Swiper.Load.Running;

/// <summary>The load can't be generated; the message is a single line.</summary>
internal sealed class LoadException(string message) : Exception(message);

/// <summary>
/// A run from the first connection to the report: starts workers, starts their load at the same moment, and merges their results.
/// </summary>
/// <param name="onSecond">Called for each second, with the latency of everything measured so far.</param>
internal sealed class LoadRun(LoadPlan plan, Action<Interval, Latency> onSecond)
{
    // Time for the start command to reach the last process.
    private static readonly TimeSpan BeginsIn = TimeSpan.FromMilliseconds(200);

    private readonly Tally _measured = new();
    private readonly List<Interval> _timeline = [];

    /// <param name="stop">Interrupts the run; the report covers what was measured so far.</param>
    /// <exception cref="LoadException">A worker failed; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Interrupted before the load started.</exception>
    public async Task<LoadReport> RunAsync(CancellationToken stop)
    {
        var watch = new ServerWatch(plan.Server.Processes);
        var workers = new List<IWorker>();
        using var over = new CancellationTokenSource();
        try
        {
            foreach (var (number, share) in plan.Shares().Index())
                workers.Add(plan.Settings.Processes == 1 ? new LocalWorker(share) : new ChildWorker(number + 1, share));
            using var stopping = stop.Register(() => workers.ForEach(worker => worker.Stop()));
            _ = StopWhenServerEndsAsync(workers, over.Token);

            var server = await WaitUntilConnectedAsync(workers, stop);
            watch.OnConnected();
            var machine = MachineWatch.Of(plan.Server, workers);
            machine.OnSecond(isWarmingUp: true);
            var started = DateTimeOffset.Now;
            var begin = Stopwatch.GetTimestamp() + Window.Ticks(BeginsIn);
            workers.ForEach(worker => worker.Start(begin));

            var results = await FollowAsync(workers, watch, machine);
            var report = new ReportBuilder(plan, server, started, results, _timeline, watch, machine).Build();
            // An interrupt while the last replies are awaited loses no measurement.
            return report with { Interrupted = stop.IsCancellationRequested && report.Seconds < plan.Settings.DurationSeconds };
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(workers.Select(worker => worker.DisposeAsync().AsTask()));
        }
    }

    private static async Task<string> WaitUntilConnectedAsync(List<IWorker> workers, CancellationToken stop)
    {
        var server = "";
        foreach (var worker in workers)
            server = await NextAsync(worker) is WorkerMessage.Connected connected
                ? connected.Server
                : throw new LoadException("a runner process started its load before it was told to");
        stop.ThrowIfCancellationRequested();
        return server;

        async Task<WorkerMessage> NextAsync(IWorker worker)
        {
            try
            {
                return await ReadAsync(worker);
            }
            catch (LoadException) when (stop.IsCancellationRequested)
            {
                throw new OperationCanceledException(stop);
            }
        }
    }

    // All workers report the same seconds in order; one interrupted a moment earlier may report one less.
    private async Task<List<WorkerMessage.Finished>> FollowAsync(List<IWorker> workers, ServerWatch watch, MachineWatch machine)
    {
        var results = new List<WorkerMessage.Finished>();
        var running = workers.ToList();
        while (running.Count > 0)
        {
            var seconds = new List<WorkerMessage.Second>();
            foreach (var worker in running.ToList())
            {
                switch (await ReadAsync(worker))
                {
                    case WorkerMessage.Second second:
                        seconds.Add(second);
                        break;
                    case WorkerMessage.Finished finished:
                        results.Add(finished);
                        running.Remove(worker);
                        break;
                }
            }
            if (seconds.Count > 0)
                Show(seconds, watch, machine);
        }
        return results;
    }

    private void Show(List<WorkerMessage.Second> seconds, ServerWatch watch, MachineWatch machine)
    {
        var ended = new Tally();
        foreach (var second in seconds)
            ended.Add(second.Ended.ToTally());
        var at = seconds.Max(second => second.At);
        if (at > 0)
            _measured.Add(ended);
        watch.OnSecond(isWarmingUp: at <= 0);
        machine.OnSecond(isWarmingUp: at <= 0);
        var from = _timeline.Count == 0 ? -plan.Settings.WarmUpSeconds : _timeline[^1].At;
        var perSecond = seconds.Sum(second => second.Length > 0 ? (second.Ended.Codes.All() + second.WarmUpEnded) / second.Length : 0);
        var interval = new Interval(
            at, perSecond, ended.Codes.ToCounts(), ended.Latencies.ToLatency(), seconds.Sum(second => second.Connections),
            plan.DuePerSecond(from, at))
        {
            WarmUpEnded = seconds.Sum(second => second.WarmUpEnded),
        };
        _timeline.Add(interval);
        onSecond(interval, _measured.Latencies.Count > 0 ? _measured.Latencies.ToLatency() : Latency.None);
    }

    private static async Task<WorkerMessage> ReadAsync(IWorker worker)
    {
        var message = await worker.Messages.ReadAsync();
        return message is WorkerMessage.Failed failed ? throw new LoadException(failed.Reason) : message;
    }

    private async Task StopWhenServerEndsAsync(List<IWorker> workers, CancellationToken over)
    {
        await ((Task)plan.Server.Ended).WaitAsync(over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!over.IsCancellationRequested)
            workers.ForEach(worker => worker.Stop());
    }
}
