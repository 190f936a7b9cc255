using System.Diagnostics;

namespace Swiper.Load.Scenarios;

/// <summary>
/// Cuts the connections of all members at once, when all are connected, on a whole second, so that the herds of all processes on this
/// machine do so at the same moment. Members wait for the cut, reconnect, and wait for the next.
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

    /// <summary>The longest time from a cut until the last member was back.</summary>
    public TimeSpan LongestUntilBack { get; private set; }

    /// <summary>Registers a connected member.</summary>
    /// <param name="cut">Cuts the member's connection.</param>
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
