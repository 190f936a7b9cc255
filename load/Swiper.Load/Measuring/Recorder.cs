using System.Diagnostics;
using Swiper.Core.Protocol;
using Swiper.Load.Results;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Measuring;

/// <summary>
/// Records how every request ended in two ways: by due time, for latencies and codes, so that late replies are not lost; and by reply
/// time, for rates and the timeline, so that no rate exceeds what the server did.
/// </summary>
internal sealed class Recorder(Scenario scenario, Window window)
{
    private readonly Tally[] _steps = [.. scenario.Steps.Select(_ => new Tally())];
    private readonly long[] _repliesInWindow = new long[scenario.Steps.Count];
    private readonly long[] _lateErrors = new long[Math.Max(1, (int)Math.Ceiling(window.MeasuredSeconds))];
    private long _expectedInWindow;

    /// <summary>Requests due in the warm-up that have ended so far.</summary>
    public Tally WarmUp { get; } = new();

    /// <summary>Requests due in the measured part that have ended so far, within that part.</summary>
    public Tally InTime { get; } = new();

    /// <summary>For each second of the measured part: requests due in it that became errors only after that part.</summary>
    public IReadOnlyList<long> LateErrors => _lateErrors;

    /// <summary>Requests due in the measured part, per step.</summary>
    public IReadOnlyList<Tally> Steps => _steps;

    /// <summary>Replies received in the measured part, per step.</summary>
    public IReadOnlyList<long> RepliesInWindow => _repliesInWindow;

    /// <summary>Those of them with an expected code.</summary>
    public long ExpectedInWindow => Volatile.Read(ref _expectedInWindow);

    /// <summary>Requests due in the measured part and never sent.</summary>
    public Tally Unsent { get; } = new();

    /// <param name="due">When the request was due (open loop) or sent (closed loop).</param>
    public void Record(int step, StepOutcome outcome, long due)
    {
        var now = Stopwatch.GetTimestamp();
        var took = Stopwatch.GetElapsedTime(due, now);
        if (due <= window.Start)
            WarmUp.Count(outcome.Code, took);
        if (window.Contains(due))
        {
            _steps[step].Count(outcome.Code, took);
            if (now <= window.End)
                InTime.Count(outcome.Code, took);
            else if (outcome.Code != (int)StatusCode.Ok)
                CountLateError(due);
        }
        if (!window.Contains(now) || outcome.Code == StepResult.NoReply)
            return;
        Interlocked.Increment(ref _repliesInWindow[step]);
        if (scenario.IsExpected(outcome.Code))
            Interlocked.Increment(ref _expectedInWindow);
    }

    public void RecordUnsent(long due)
    {
        if (!window.Contains(due))
            return;
        Unsent.Count(StepResult.NoReply, Stopwatch.GetElapsedTime(due));
        CountLateError(due);
    }

    // A request due exactly at the end of a second belongs to that second.
    private void CountLateError(long due) => Interlocked.Increment(ref _lateErrors[(int)((due - window.Start - 1) / Stopwatch.Frequency)]);
}
