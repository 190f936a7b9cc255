using System.Runtime.InteropServices;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Lets so many searches run at a time, at most one of each user. Those that wait are served by turns of users, so that whoever asks for
/// one waits for one of each other user at most, however many these ask for. Those that nobody waits for any more have no turn.
/// </summary>
/// <remarks>How many wait is bounded by the share that each user has of a host's work.</remarks>
internal sealed class SearchTurns(int atOnce)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Line> _lines = [];
    // The users of whom a search waits and none runs.
    private readonly Queue<Line> _next = new();
    private int _running;

    /// <summary>
    /// Waits for the user's turn, which <see cref="End"/> ends; continues on the thread pool, unless it has come already.
    /// </summary>
    /// <param name="uid">The user.</param>
    /// <param name="left">Cancelled when nobody waits for the search any more. Looked at now, and when its turn comes.</param>
    /// <exception cref="OperationCanceledException">It has no turn, and no <see cref="End"/>.</exception>
    public Task BeginAsync(long uid, CancellationToken left = default)
    {
        if (left.IsCancellationRequested)
            return Task.FromCanceled(left);
        lock (_gate)
        {
            ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(_lines, uid, out var isBusy);
            line ??= new Line(uid);
            if (!isBusy && _running < atOnce)
            {
                _running++;
                return Task.CompletedTask;
            }
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            line.Waiting.Enqueue((turn, left));
            if (!isBusy)
                _next.Enqueue(line);
            return turn.Task;
        }
    }

    public void End(long uid)
    {
        lock (_gate)
        {
            _running--;
            var line = _lines[uid];
            line.DropLeft();
            if (line.Waiting.Count > 0)
                _next.Enqueue(line);
            else
                _lines.Remove(uid);
            // One ended, so one may begin.
            while (_next.TryDequeue(out var next))
            {
                next.DropLeft();
                if (next.Waiting.TryDequeue(out var waiting))
                {
                    _running++;
                    waiting.Turn.SetResult();
                    return;
                }
                _lines.Remove(next.Uid);
            }
        }
    }

    private sealed class Line(long uid)
    {
        public long Uid => uid;

        public Queue<(TaskCompletionSource Turn, CancellationToken Left)> Waiting { get; } = new();

        // The first that somebody waits for is the first.
        public void DropLeft()
        {
            while (Waiting.TryPeek(out var first) && first.Left.IsCancellationRequested)
            {
                Waiting.Dequeue();
                first.Turn.SetCanceled(first.Left);
            }
        }
    }
}
