using Spectre.Console;
using Swiper.Load.Live;
using Swiper.Load.Results;

namespace Swiper.Load.Tests.Live;

public sealed class LiveTableTests
{
    private static readonly Latency SomeLatency = new(900, 850, 1_200, 12_345, 1_500_000, 130_000_000);

    [Fact]
    public void The_last_second_is_written_when_the_run_ends()
    {
        var lines = LinesOf(table => table.Show(Second(1, ok: 1_000), SomeLatency));

        var line = Assert.Single(lines);
        Assert.StartsWith("0:01 of 0:30 ", line, StringComparison.Ordinal);
        Assert.Contains("1,000 requests/s", line, StringComparison.Ordinal);
        Assert.Contains("p50   850 µs  p99  12.3 ms  max 2.17 min", line, StringComparison.Ordinal);
        Assert.EndsWith("no errors", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_are_counted_by_code_since_the_measured_part_began()
    {
        var lines = LinesOf(table =>
        {
            table.Show(Second(0, ok: 5, (1004, 100)), SomeLatency);
            table.Show(Second(1, ok: 5, (1005, 2), (StepResult.NoReply, 1)), SomeLatency);
            table.Show(Second(2, ok: 5, (1005, 1), (4321, 7)), SomeLatency);
        });

        Assert.EndsWith("no reply 1 · 1005 Throttled 3 · 4321 7", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_shows_nothing_writes_nothing() => Assert.Empty(LinesOf(_ => { }));

    [Fact]
    public void A_terminal_sees_both_rows_and_gets_its_cursor_back()
    {
        var screen = Written(terminal: true, table =>
        {
            table.Show(Second(1, ok: 1_000), SomeLatency);
            table.Show(Second(2, ok: 3_000), SomeLatency);
        });

        Assert.Contains("last second", screen, StringComparison.Ordinal);
        var wholeRun = screen[screen.LastIndexOf("whole run", StringComparison.Ordinal)..];
        Assert.Contains("2,000", wholeRun, StringComparison.Ordinal);
        Assert.True(
            screen.LastIndexOf("\e[?25h", StringComparison.Ordinal) > screen.LastIndexOf("\e[?25l", StringComparison.Ordinal),
            "the cursor stays hidden");
    }

    [Fact]
    public void A_title_in_brackets_is_text() =>
        Assert.Contains("[red]echo[/]",
            Written(terminal: true, table => table.Show(Second(1, ok: 1), SomeLatency), title: "[red]echo[/]"), StringComparison.Ordinal);

    [Fact]
    public void A_terminal_that_takes_nothing_does_not_hold_up_the_run()
    {
        using var stopped = new StoppedWriter();
        using var table = new LiveTable(ConsoleOn(stopped, terminal: false), "echo", null);

        table.Show(Second(1, ok: 1), SomeLatency);
        stopped.WaitUntilSomebodyWrites();
        for (var second = 2; second < 10_000; second++)
            table.Show(Second(second, ok: 1), SomeLatency);

        stopped.Continue();
    }

    private static string[] LinesOf(Action<LiveTable> run) =>
        Written(terminal: false, run).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Written(bool terminal, Action<LiveTable> run, string title = "echo, smoke")
    {
        using var screen = new StringWriter { NewLine = "\n" };
        using (var table = new LiveTable(ConsoleOn(screen, terminal), title, TimeSpan.FromSeconds(30)))
            run(table);
        return screen.ToString();
    }

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 160;
        console.Profile.Height = 40;
        return console;
    }

    private static Interval Second(double at, long ok, params (int Code, long Count)[] others) =>
        new(at, ok + others.Sum(other => other.Count),
            others.Append((Code: 0, Count: ok)).ToDictionary(code => code.Code, code => code.Count), SomeLatency, 64);
}
