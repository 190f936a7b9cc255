using System.Diagnostics;
using Swiper.Load.Measuring;
using Swiper.Load.Running;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Tests.Running;

/// <summary>The open loop with users controlled by the test.</summary>
public sealed class OpenLoopTests : IDisposable
{
    private const double Rate = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ManualResetEventSlim _goOn = new();

    public void Dispose() => _goOn.Dispose();

    [Fact]
    public async Task What_a_late_pacer_offers_after_the_end_is_still_sent()
    {
        // A window in the past, so that all requests are due at once.
        var length = TimeSpan.FromSeconds(0.1);
        var window = new Window(Stopwatch.GetTimestamp() - Window.Ticks(length), TimeSpan.Zero, length);
        var recorder = new Recorder(new EchoScenario(), window);
        using var loop = new OpenLoop(new Schedule(Rate), inFlight: 1, recorder, window);

        // The first request blocks the pacer's thread.
        var isHeldUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = loop.RunAsync(
        [
            new User(() =>
            {
                isHeldUp.TrySetResult();
                _goOn.Wait();
            }),
            new User(() => { }),
        ]);
        await isHeldUp.Task.WaitAsync(Patience);
        loop.Finish();
        _goOn.Set();
        await running.WaitAsync(Patience);

        Assert.Equal(100, recorder.Steps[0].Latencies.Count);
    }

    [Fact]
    public async Task A_fault_of_a_user_ends_the_run_at_once()
    {
        var window = new Window(Stopwatch.GetTimestamp(), TimeSpan.Zero, TimeSpan.FromHours(1));
        using var loop = new OpenLoop(new Schedule(Rate), inFlight: 1, new Recorder(new EchoScenario(), window), window);

        var running = loop.RunAsync([new User(() => throw new InvalidOperationException("a fault")), new User(() => { })]);

        Assert.Equal("a fault", (await Assert.ThrowsAsync<InvalidOperationException>(() => running.WaitAsync(Patience))).Message);
        Assert.True(window.MeasuredSeconds < 3600);
    }

    private sealed class User(Action run) : IVirtualUser
    {
        public ValueTask<int> NextAsync(CancellationToken cancellationToken) => new(0);

        public ValueTask<StepOutcome> RunAsync(int step)
        {
            run();
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
