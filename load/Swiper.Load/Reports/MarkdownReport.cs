using System.Globalization;
using System.Text;
using Swiper.Load.Formatting;
using Swiper.Load.Results;

namespace Swiper.Load.Reports;

/// <summary>A summary to paste into an issue.</summary>
internal static class MarkdownReport
{
    public static string Write(LoadReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"## {Plain(report.Scenario)}, {Plain(report.Profile)}: {VerdictText.Of(report)}\n\n");
        text.Append(Fenced(report.Setting.Command));
        foreach (var remark in Remarks.On(report))
            text.Append(CultureInfo.InvariantCulture, $"- {remark}\n");
        if (text[^1] == '\n' && text[^2] != '\n')
            text.Append('\n');
        AppendSteps(text, report);
        if (report.Thresholds.Count > 0)
        {
            AppendTable(
                text, "| threshold | measured | |", "|---|---|---|",
                report.Thresholds.Select(threshold =>
                    $"| {Plain(threshold.Rule)} | {Plain(threshold.Actual)} | {(threshold.Met ? "met" : "**missed**")} |"));
        }
        if (report.Figures.Count > 0)
            AppendTable(text, "| figure | |", "|---|--:|",
                report.Figures.Select(figure => $"| {Plain(figure.Key)} | {NumberText.Exact(figure.Value)} |"));
        text.Append(SettingLine(report)).Append('\n');
        return text.ToString();
    }

    private static void AppendSteps(StringBuilder text, LoadReport report)
    {
        AppendTable(
            text,
            $"| request | {StepRows.CountTitle(report)} | replies | replies a second | p50 | p90 | p99 | p99.9 | max | errors |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|",
            StepRows.Of(report, (name, step, isTotal) => StepRow(isTotal ? $"**{name}**" : Plain(name), step)));
    }

    private static string StepRow(string name, StepResult step)
    {
        var latency = step.MeasuredLatency;
        var errors = CodeText.Of(step.Codes.Where(code => code.Key != 0));
        return $"| {name} | {NumberText.Of(step.Count)} | {NumberText.Of(step.Replies)} | {NumberText.Of(step.PerSecond)} "
            + $"| {LatencyText.Of(latency.P50)} | {LatencyText.Of(latency.P90)} "
            + $"| {LatencyText.Of(latency.P99)} | {LatencyText.Of(latency.P999)} | {LatencyText.Of(latency.Max)} "
            + $"| {(errors.Length == 0 ? "none" : errors)} |";
    }

    private static void AppendTable(StringBuilder text, string titles, string sides, IEnumerable<string> rows)
    {
        text.Append(titles).Append('\n').Append(sides).Append('\n');
        foreach (var row in rows)
            text.Append(row).Append('\n');
        text.Append('\n');
    }

    private static string SettingLine(LoadReport report)
    {
        var setting = report.Setting;
        var commit = setting.Commit is null ? "" : $", commit {Plain(setting.Commit)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Started.ToUniversalTime():yyyy-MM-dd HH:mm} UTC, {LatencyText.Of(report.Seconds * 1e6)} measured, "
            + $"{LoopText.Of(report)}, {setting.Connections:N0} connections, "
            + $"{setting.Processes} runner process{(setting.Processes == 1 ? "" : "es")}; "
            + $"{Plain(setting.Server)}; {Plain(setting.Machine)}, {setting.Cores} cores, {Plain(setting.Runtime)}; "
            + $"cores used: {CoresText.Of(setting)}{commit}.");
    }

    private static string Fenced(string command)
    {
        var fence = "```";
        while (command.Contains(fence, StringComparison.Ordinal))
            fence += "`";
        return $"{fence}\n{command}\n{fence}\n\n";
    }

    // Names come from servers and command lines; they must not break a table, or turn into markup or mentions.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsControl(letter))
                plain.Append(' ');
            else if (letter is '@')
                plain.Append("&#64;");
            else if (letter is '<' or '&' or '|' or '`' or '*' or '_' or '[' or ']' or '\\' or '~')
                plain.Append('\\').Append(letter);
            else
                plain.Append(letter);
        }
        return plain.ToString();
    }
}
