using Spectre.Console;

namespace Swiper.Tools.Demo;

/// <summary>Progress of the evening: a live table on a terminal, otherwise one line per second.</summary>
internal sealed class Progress(IAnsiConsole console, Evening evening, Tally tally)
{
    private static readonly TimeSpan LiveStep = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineStep = TimeSpan.FromSeconds(1);

    private readonly RequestRate _rate = new(tally);

    /// <summary>Shows progress until the robots are done.</summary>
    public Task ShowUntilAsync(Task robots) => console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi
        ? console.Live(Table()).StartAsync(async live =>
        {
            while (await IsGoingOnAsync(robots, LiveStep))
                live.UpdateTarget(Table());
            live.UpdateTarget(Table());
        })
        : WriteLinesAsync(robots);

    private async Task WriteLinesAsync(Task robots)
    {
        while (await IsGoingOnAsync(robots, LineStep))
        {
            console.WriteLine($"{evening.Elapsed.TotalSeconds,4:0} s  {_rate.PerSecond,9:N0} requests/s  {tally.Swipes,8:N0} swipes  "
                + $"{tally.Matches.Count,7:N0} matches  {tally.MatchedPushes,7:N0} pushes  {tally.Errors:N0} errors");
        }
    }

    private async Task<bool> IsGoingOnAsync(Task robots, TimeSpan step)
    {
        await Task.WhenAny(robots, Task.Delay(step));
        _rate.Sample();
        return !robots.IsCompleted;
    }

    private Table Table()
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var title in new[] { "elapsed", "requests/s", "swipes", "matches", "pushes", "errors" })
            table.AddColumn(new TableColumn($"[grey]{title}[/]").RightAligned().Width(10));
        var errors = tally.Errors;
        return table.AddRow(
            $"{TimeSpan.FromTicks(Math.Min(evening.Elapsed.Ticks, evening.Length.Ticks)).TotalSeconds:0.0} s",
            $"[bold]{_rate.PerSecond:N0}[/]",
            $"{tally.Swipes:N0}",
            $"[magenta]{tally.Matches.Count:N0}[/]",
            $"{tally.MatchedPushes:N0}",
            errors == 0 ? "[green]0[/]" : $"[red]{errors:N0}[/]");
    }
}
