using System.Diagnostics;
using Swiper.Load.Measuring;
using Swiper.Load.Results;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Running;

/// <summary>
/// Reports what ended in each second of a run. Seconds are aligned to the start of the measured part, so that those of all workers match.
/// </summary>
internal sealed class Timeline(Recorder recorder, Window window, ConnectionCount connections)
{
    private Tally _warmUpBefore = new();
    private Tally _inTimeBefore = new();
    private long _toldAt;
    private TimeSpan _cpuAtStart;

    /// <summary>CPU time of this process in the measured part.</summary>
    public TimeSpan CpuTime { get; private set; }

    /// <summary>Runs until the window ends.</summary>
    /// <param name="stop">Ends the window early.</param>
    public async Task TellAsync(Action<WorkerMessage.Second> tell, CancellationToken stop)
    {
        _toldAt = window.Begin;
        _cpuAtStart = Environment.CpuUsage.TotalTime;
        for (var number = 1 - (int)Math.Ceiling(Window.Seconds(window.Start - window.Begin)); ; number++)
        {
            var boundary = Math.Min(window.End, window.Start + (number * Stopwatch.Frequency));
            await Task.Delay(Window.Until(boundary), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                window.EndEarly();
            var isLast = boundary >= window.End;
            tell(Next(number, isLast ? window.MeasuredSeconds : number));
            if (number == 0)
                _cpuAtStart = Environment.CpuUsage.TotalTime;
            if (isLast)
                break;
        }
        CpuTime = Environment.CpuUsage.TotalTime - _cpuAtStart;
    }

    private WorkerMessage.Second Next(int number, double at)
    {
        var now = Stopwatch.GetTimestamp();
        var warmUp = recorder.WarmUp.Copy();
        var ended = warmUp.Since(_warmUpBefore);
        var length = Window.Seconds(now - _toldAt);
        (_warmUpBefore, _toldAt) = (warmUp, now);
        if (number <= 0)
            return new WorkerMessage.Second(number, at, length, TallyRecord.Of(ended), WarmUpEnded: 0, connections.Open);

        var inTime = recorder.InTime.Copy();
        var since = inTime.Since(_inTimeBefore);
        _inTimeBefore = inTime;
        return new WorkerMessage.Second(number, at, length, TallyRecord.Of(since), ended.Codes.ToCounts().All(), connections.Open);
    }
}
