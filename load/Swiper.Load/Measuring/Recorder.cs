using System.Diagnostics;
using Swiper.Core.Protocol;
using Swiper.Load.Results;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Measuring;

/// <summary>
/// Takes down how every request ended, in two ways: by when it was due, for latencies and codes, so that those whose reply came late
/// are not lost; and by when its reply came, for rates and the timeline, so that no rate is above what the server did.
/// </summary>
internal sealed class Recorder(Scenario scenario, Window window)
{
    private readonly Tally[] _steps = [.. scenario.Steps.Select(_ => new Tally())];
    private readonly long[] _repliesInWindow = new long[scenario.Steps.Count];
    private readonly long[] _lateErrors = new long[Math.Max(1, (int)Math.Ceiling(window.MeasuredSeconds))];
    private long _expectedInWindow;

    /// <summary>Requests that were due while it warmed up and have ended so far.</summary>
    public Tally WarmUp { get; } = new();

    /// <summary>Requests that were due while it was measured and have ended so far, if they did so within that time.</summary>
    public Tally InTime { get; } = new();

    /// <summary>Of each second of the measured time: what was due in it and became an error only after that time.</summary>
    public IReadOnlyList<long> LateErrors => _lateErrors;

    /// <summary>Requests that were due while it was measured, a step each.</summary>
    public IReadOnlyList<Tally> Steps => _steps;

    /// <summary>Replies that came while it was measured, a step each.</summary>
    public IReadOnlyList<long> RepliesInWindow => _repliesInWindow;

    /// <summary>Those of them with a code that the scenario expects.</summary>
    public long ExpectedInWindow => Volatile.Read(ref _expectedInWindow);

    /// <summary>Those that were due while it was measured and never sent.</summary>
    public Tally Unsent { get; } = new();

    /// <param name="due">When it was due, in the open loop, or sent, in the closed one.</param>
    public void Record(int step, StepOutcome outcome, long due)
    {
        var now = Stopwatch.GetTimestamp();
        var took = Nanoseconds(now - due);
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
        Unsent.Count(StepResult.NoReply, Nanoseconds(Stopwatch.GetTimestamp() - due));
        CountLateError(due);
    }

    // What is due at the end of a second belongs to it.
    private void CountLateError(long due) => Interlocked.Increment(ref _lateErrors[(int)((due - window.Start - 1) / Stopwatch.Frequency)]);

    private static long Nanoseconds(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));
}
