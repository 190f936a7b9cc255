using Spectre.Console;
using Swiper.Load.Results;

namespace Swiper.Load.Live;

/// <summary>
/// Progress of a run: a table updated in place on a terminal, otherwise an occasional line. Drawing happens on a dedicated thread, so a
/// slow or suspended terminal can't delay the run.
/// </summary>
internal sealed class LiveTable : IDisposable
{
    private readonly IAnsiConsole _console;
    private readonly RunText _text;
    private readonly Thread _thread;
    private readonly AutoResetEvent _changed = new(false);
    private volatile RunSoFar? _run;
    private volatile bool _over;

    /// <param name="title">The scenario and profile, such as <c>echo, steady</c>.</param>
    /// <param name="length">Planned measured time; null if open-ended.</param>
    public LiveTable(IAnsiConsole console, string title, TimeSpan? length)
    {
        _console = console;
        _text = new RunText(title, length);
        _thread = new Thread(console.Profile.Capabilities is { Interactive: true, Ansi: true } ? DrawTable : WriteLines)
        {
            IsBackground = true, Name = "live table",
        };
        _thread.Start();
    }

    /// <summary>
    /// Takes the latest second and the latency of all requests measured so far. Never blocks; must not be called concurrently.
    /// </summary>
    public void Show(Interval last, Latency wholeRun)
    {
        _run = RunSoFar.After(_run, last, wholeRun);
        _changed.Set();
    }

    /// <summary>Draws the last state and restores the terminal.</summary>
    public void Dispose()
    {
        if (_over)
            return;
        _over = true;
        _changed.Set();
        _thread.Join();
        _changed.Dispose();
    }

    private void DrawTable() => _console.Live(Text.Empty).Start(live => Follow(run => live.UpdateTarget(_text.Table(run))));

    private void WriteLines()
    {
        var next = double.NegativeInfinity;
        Follow(run =>
        {
            if (run.Last.At < next)
                return;
            // Bypasses the console, which would wrap a long line.
            _console.Profile.Out.Writer.WriteLine(_text.Line(run));
            next = run.Last.At + PauseAfter(run.Last.At);
        });
    }

    private void Follow(Action<RunSoFar> draw)
    {
        bool over;
        do
        {
            _changed.WaitOne();
            // Read before drawing, so that the last update shown before disposal is still drawn.
            over = _over;
            if (_run is { } run)
                draw(run);
        }
        while (!over);
    }

    // A short run prints every second; an overnight run does not flood the log.
    private static double PauseAfter(double at) => Math.Clamp(at / 10, 1, 60);
}
