namespace Swiper.Client.Requests;

/// <summary>
/// One timer for many deadlines, set to the earliest, so that requests with the same timeout rarely touch it. Not thread-safe; guarded
/// by the gate of the <see cref="RequestQueue"/>.
/// </summary>
internal sealed class DeadlineTimer : IDisposable
{
    // Deadlines close together are handled together.
    private const int GrainMs = 10;

    private readonly Timer _timer;
    private long _due = long.MaxValue;

    /// <param name="onDue">Called without the gate; must call <see cref="Restart"/>.</param>
    public DeadlineTimer(Action onDue) =>
        _timer = new Timer(static onDue => ((Action)onDue!)(), onDue, Timeout.Infinite, Timeout.Infinite);

    /// <param name="deadline">In <see cref="Environment.TickCount64"/>.</param>
    public void Watch(long deadline)
    {
        if (deadline >= _due)
            return;
        _due = deadline;
        _timer.Change(Math.Clamp(deadline - Environment.TickCount64, GrainMs, int.MaxValue), Timeout.Infinite);
    }

    /// <summary>After it was due: sets the earliest remaining deadline; <see cref="long.MaxValue"/> for none.</summary>
    public void Restart(long next)
    {
        _due = long.MaxValue;
        Watch(next);
    }

    public void Dispose() => _timer.Dispose();
}
