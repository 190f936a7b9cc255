namespace Swiper.Storage.Embedded.Social;

/// <summary>Retries follow-ups that a failing store refused, once a second, until it takes them.</summary>
internal sealed class FollowUpRetries : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private List<FollowUp> _waiting = [];
    private bool _stopped;

    public FollowUpRetries(TimeProvider clock) =>
        _timer = clock.CreateTimer(static retries =>
            ((FollowUpRetries)retries!).Again(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Add(FollowUp followUp)
    {
        lock (_gate)
        {
            // After a stop, the next start finds what is missing.
            if (_stopped)
                return;
            _waiting.Add(followUp);
            if (_waiting.Count == 1)
                _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _stopped = true;
        _timer.Dispose();
    }

    private void Again()
    {
        List<FollowUp> due;
        lock (_gate)
        {
            if (_stopped)
                return;
            (due, _waiting) = (_waiting, []);
        }
        foreach (var followUp in due)
            followUp.Enqueue();
    }
}
