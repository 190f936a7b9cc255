using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Swiper.Load.Formatting;
using Swiper.Load.Results;

namespace Swiper.Load.Live;

/// <summary>The state of a run as a table and as a line.</summary>
internal sealed class RunText(string title, TimeSpan? length)
{
    private static readonly string[] Columns = ["requests/s", "errors/s", "p50", "p99", "p99.9", "max"];

    public IRenderable Table(RunSoFar run)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(Markup.Escape(Clock(run)));
        foreach (var column in Columns)
            table.AddColumn(new TableColumn($"[grey]{column}[/]").RightAligned().Width(10));
        AddRow(table, "last second", run.Last.PerSecond, run.Last.ErrorsPerSecond, run.Last.MeasuredLatency);
        if (!run.IsWarmingUp)
            AddRow(table, "whole run", run.PerSecond, run.Codes.Errors() / run.Last.At, run.Latency);
        var replies = string.Create(CultureInfo.InvariantCulture, $"{run.Last.Connections:N0} connections · {Replies(run)}");
        return new Rows(new Text(title, new Style(decoration: Decoration.Bold)), table, new Text(replies));
    }

    public string Line(RunSoFar run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Clock(run),-15}  {run.Last.PerSecond,9:N0} requests/s  p50 {LatencyText.Of(run.Last.MeasuredLatency.P50),8}  "
        + $"p99 {LatencyText.Of(run.Last.MeasuredLatency.P99),8}  max {LatencyText.Of(run.Last.MeasuredLatency.Max),8}  "
        + $"{run.Last.Connections,6:N0} connections  {Replies(run)}");

    private static void AddRow(Table table, string name, double perSecond, double errorsPerSecond, Latency latency) => table.AddRow(
        name,
        string.Create(CultureInfo.InvariantCulture, $"[bold]{perSecond:N0}[/]"),
        string.Create(CultureInfo.InvariantCulture, $"{(errorsPerSecond > 0 ? "[red]" : "[green]")}{errorsPerSecond:#,0.#}[/]"),
        LatencyText.Of(latency.P50), LatencyText.Of(latency.P99), LatencyText.Of(latency.P999), LatencyText.Of(latency.Max));

    private static string Replies(RunSoFar run)
    {
        var errors = run.Codes.Where(code => code.Key != 0).ToList();
        return errors.Count == 0 ? "no errors" : CodeText.Of(errors);
    }

    private string Clock(RunSoFar run)
    {
        if (run.IsWarmingUp)
            return "warming up";
        var elapsed = ClockText.Of(run.Last.At);
        return length is { } planned ? $"{elapsed} of {ClockText.Of(planned.TotalSeconds)}" : elapsed;
    }
}
