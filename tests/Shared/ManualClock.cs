namespace Swiper.Tests.Shared;

/// <summary>A clock that goes when it is told to; its timers are called by whoever moves it.</summary>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = start;

    /// <summary>Starts at noon of a Wednesday, far ahead: what a real server deletes after its time must not be deleted at once.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2043, 7, 15, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(TimeSpan by) => MoveTo(GetUtcNow() + by);

    /// <summary>Moves the clock, back too, and calls the timers that are due, each once.</summary>
    public void MoveTo(DateTimeOffset now)
    {
        Timer[] due;
        lock (_gate)
        {
            _now = now;
            due = [.. _timers.Where(timer => timer.Due <= now)];
            foreach (var timer in due)
                timer.Reschedule(now);
        }
        foreach (var timer in due)
            timer.Call();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (_gate)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset? Due { get; private set; }

        public void Call() => callback(state);

        public void Reschedule(DateTimeOffset now) => Due = _period > TimeSpan.Zero ? now + _period : null;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                if (dueTime != TimeSpan.Zero)
                {
                    Due = dueTime > TimeSpan.Zero ? clock._now + dueTime : null;
                    return true;
                }
                Reschedule(clock._now);
            }
            // As the real ones do: not on the thread that sets it.
            ThreadPool.QueueUserWorkItem(static timer => ((Timer)timer!).Call(), this);
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
