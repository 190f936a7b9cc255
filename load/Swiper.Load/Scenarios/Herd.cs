using System.Diagnostics;

namespace Swiper.Load.Scenarios;

/// <summary>
/// Cuts the connections of all its members at once, when all are there, on a whole second: herds of other processes on this machine do
/// so at the same moment. Members wait for that, come back, and wait for the next time.
/// </summary>
internal sealed class Herd
{
    private readonly Lock _gate = new();
    private readonly List<Func<ValueTask>> _cuts = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _members;
    private int _waiting;
    private long _cutAt;

    public int Stampedes { get; private set; }

    /// <summary>From a cut until the last one was back.</summary>
    public TimeSpan LongestUntilBack { get; private set; }

    /// <summary>Somebody is connected.</summary>
    /// <param name="cut">Cuts the connection.</param>
    public void Join(Func<ValueTask> cut)
    {
        lock (_gate)
        {
            _cuts.Add(cut);
            if (Stampedes == 0)
            {
                _members++;
                return;
            }
            if (_cuts.Count < _members)
                return;
            var took = Stopwatch.GetElapsedTime(_cutAt);
            if (took > LongestUntilBack)
                LongestUntilBack = took;
        }
    }

    /// <summary>Returns after the next cut.</summary>
    public Task WaitForNextAsync(CancellationToken cancellationToken)
    {
        Task next;
        lock (_gate)
        {
            next = _next.Task;
            if (++_waiting == _members)
                _ = CutAsync(cancellationToken);
        }
        return next.WaitAsync(cancellationToken);
    }

    private async Task CutAsync(CancellationToken cancellationToken)
    {
        var tick = Stopwatch.GetTimestamp() % Stopwatch.Frequency;
        await Task.Delay(TimeSpan.FromSeconds(1 - (double)tick / Stopwatch.Frequency), cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellationToken.IsCancellationRequested)
            return;
        TaskCompletionSource released;
        Func<ValueTask>[] cuts;
        lock (_gate)
        {
            Stampedes++;
            _waiting = 0;
            _cutAt = Stopwatch.GetTimestamp();
            (released, _next) = (_next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            cuts = [.. _cuts];
            _cuts.Clear();
        }
        await Task.WhenAll(cuts.Select(cut => cut().AsTask())).ConfigureAwait(false);
        released.SetResult();
    }
}
