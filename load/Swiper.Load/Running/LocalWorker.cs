using System.Threading.Channels;
using Swiper.Client;
using Swiper.Load.Measuring;
using Swiper.Load.Scenarios;
using Swiper.Local.Hosts;

namespace Swiper.Load.Running;

/// <summary>A worker in this process.</summary>
internal sealed class LocalWorker : IWorker
{
    // Concurrent connects: a server accepts more, but each connection must get its turn before it times out.
    private const int ConnectsAtOnce = 128;

    private static readonly TimeSpan PatienceOnceStopped = TimeSpan.FromSeconds(2);

    private readonly WorkerPlan _plan;
    private readonly Scenario _scenario;
    private readonly LoadTarget _target;
    private readonly Channel<WorkerMessage> _messages = Channel.CreateUnbounded<WorkerMessage>();
    private readonly TaskCompletionSource<long> _begin = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public LocalWorker(WorkerPlan plan)
    {
        _plan = plan;
        _scenario = ScenarioCatalog.Find(plan.Scenario)
            ?? throw new ArgumentException($"unknown scenario '{plan.Scenario}'", nameof(plan));
        _target = plan.ToTarget();
        _running = Task.Run(RunAsync);
    }

    public ChannelReader<WorkerMessage> Messages => _messages.Reader;

    public int ProcessId => Environment.ProcessId;

    public void Start(long begin) => _begin.TrySetResult(begin);

    public void Stop()
    {
        _stop.Cancel();
        _begin.TrySetCanceled();
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await using var run = _scenario.Begin(_target);
            var users = new List<IVirtualUser>(_plan.Connections);
            try
            {
                await ConnectAsync(run, users);
                Tell(new WorkerMessage.Connected(await DescribeServerAsync()));
                Tell(await MeasureAsync(run, users, await _begin.Task));
            }
            finally
            {
                await Task.WhenAll(users.Select(user => user.DisposeAsync().AsTask()));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Tell(new WorkerMessage.Failed("interrupted before the load started"));
        }
        catch (Exception exception) when (exception is SwiperException or SwiperConnectionException or HostException)
        {
            Tell(new WorkerMessage.Failed(exception.Message));
        }
        catch (Exception exception)
        {
            // A bug in the runner: report the whole exception.
            Tell(new WorkerMessage.Failed($"{exception}"));
        }
        _messages.Writer.Complete();
    }

    private void Tell(WorkerMessage message) => _messages.Writer.TryWrite(message);

    private async Task ConnectAsync(ScenarioRun run, List<IVirtualUser> users)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConnectsAtOnce, CancellationToken = _stop.Token };
        try
        {
            await Parallel.ForAsync(0, _plan.Connections, options, async (_, cancellation) =>
            {
                var user = await run.ConnectUserAsync(cancellation);
                lock (users)
                    users.Add(user);
            });
        }
        catch (Exception exception) when (exception is SwiperException or SwiperConnectionException)
        {
            throw new SwiperConnectionException(
                $"opened only {users.Count} of {_plan.Connections} connections: {exception.Message}", exception);
        }
    }

    private async Task<string> DescribeServerAsync()
    {
        await using var client = await _target.ConnectAsync(reconnects: false, _stop.Token);
        return $"{client.Server.Server}, node {client.Server.Node}, at {_plan.Host}:{_plan.Port}";
    }

    private async Task<WorkerMessage> MeasureAsync(ScenarioRun run, List<IVirtualUser> users, long begin)
    {
        var window = new Window(begin, TimeSpan.FromSeconds(_plan.WarmUpSeconds), TimeSpan.FromSeconds(_plan.DurationSeconds));
        var recorder = new Recorder(_scenario, window);
        using var closed = new ClosedLoop(_plan.InFlight, recorder, window);
        using var open = new OpenLoop(new Schedule(_plan.Rate ?? 0, _plan.RampUpSeconds), _plan.InFlight, recorder, window);
        ILoop loop = _plan.Rate is null ? closed : open;

        await run.StartAsync(_stop.Token);
        await Task.Delay(Window.Until(begin), _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var asking = loop.RunAsync(users);
        var timeline = new Timeline(recorder, window, _target.Connections);
        var telling = timeline.TellAsync(second => Tell(second), _stop.Token);
        await telling;

        var held = await EndAsync(loop, asking, users);
        return new WorkerMessage.Finished(
            [.. recorder.Steps.Select(TallyRecord.Of)], recorder.RepliesInWindow, recorder.ExpectedInWindow,
            TallyRecord.Of(recorder.Unsent),
            recorder.LateErrors, window.MeasuredSeconds, timeline.CpuTime.TotalSeconds, held, _target.Connections.Lost, run.Figures);
    }

    // Drains: due requests are still sent and sent ones still awaited, within a time limit that is shorter after an interrupt. Returns how
    // many connections are still open after that.
    private async Task<int> EndAsync(ILoop loop, Task asking, List<IVirtualUser> users)
    {
        var isStopped = _stop.IsCancellationRequested;
        loop.Finish();
        if (!await EndsWithinAsync(asking, isStopped ? PatienceOnceStopped : _target.Timeout))
            loop.Abandon();
        // Connecting and signing in may each take a full timeout.
        var hasEnded = await EndsWithinAsync(asking, isStopped ? PatienceOnceStopped : (2 * _target.Timeout) + TimeSpan.FromSeconds(1));
        var held = _target.Connections.Open;
        if (!hasEnded)
            await Task.WhenAll(users.Select(user => user.DisposeAsync().AsTask()));
        await asking;
        return held;
    }

    private static async Task<bool> EndsWithinAsync(Task asking, TimeSpan time)
    {
        await asking.WaitAsync(time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return asking.IsCompleted;
    }
}
