using System.Runtime.InteropServices;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Lets so many searches run at a time, at most one of each user. Those that wait are served by turns of users, so that whoever asks for
/// one waits for one of each other user at most, however many these ask for.
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
    public Task BeginAsync(long uid)
    {
        lock (_gate)
        {
            ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(_lines, uid, out var isBusy);
            line ??= new Line();
            if (!isBusy && _running < atOnce)
            {
                _running++;
                return Task.CompletedTask;
            }
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            line.Waiting.Enqueue(turn);
            if (!isBusy)
                _next.Enqueue(line);
            return turn.Task;
        }
    }

    public void End(long uid)
    {
        TaskCompletionSource? turn = null;
        lock (_gate)
        {
            _running--;
            var line = _lines[uid];
            if (line.Waiting.Count > 0)
                _next.Enqueue(line);
            else
                _lines.Remove(uid);
            // One ended, so one may begin.
            if (_next.TryDequeue(out var next))
            {
                _running++;
                turn = next.Waiting.Dequeue();
            }
        }
        turn?.SetResult();
    }

    private sealed class Line
    {
        public Queue<TaskCompletionSource> Waiting { get; } = new();
    }
}
