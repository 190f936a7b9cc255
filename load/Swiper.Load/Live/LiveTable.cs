using Spectre.Console;
using Swiper.Load.Results;

namespace Swiper.Load.Live;

/// <summary>
/// How a run goes: a table that changes in place on a terminal, elsewhere a line now and then. It draws on a thread of its own, so a
/// terminal that is slow or stopped holds nobody up while the run lasts.
/// </summary>
internal sealed class LiveTable : IDisposable
{
    private readonly IAnsiConsole _console;
    private readonly RunText _text;
    private readonly Thread _thread;
    private readonly AutoResetEvent _changed = new(false);
    private volatile RunSoFar? _run;
    private volatile bool _over;

    /// <param name="title">What is run, such as <c>echo, steady</c>.</param>
    /// <param name="length">How long will be measured; null where that is open.</param>
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
    /// Takes the newest second, and the latency of all that was measured until now. Returns at once; one thread at a time calls it.
    /// </summary>
    public void Show(Interval last, Latency wholeRun)
    {
        _run = RunSoFar.After(_run, last, wholeRun);
        _changed.Set();
    }

    /// <summary>Leaves the last state on the screen, and the terminal as it was.</summary>
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
            // Past the console, which would break a long line.
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
            // Asked before drawing: what was shown before the end is on the screen at the end.
            over = _over;
            if (_run is { } run)
                draw(run);
        }
        while (!over);
    }

    // A short run is told by the second, and that of a night does not fill the log.
    private static double PauseAfter(double at) => Math.Clamp(at / 10, 1, 60);
}
