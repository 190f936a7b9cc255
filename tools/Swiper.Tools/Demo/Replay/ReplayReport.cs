using Spectre.Console;

namespace Swiper.Tools.Demo.Replay;

/// <summary>Compares the outcomes with those of the file.</summary>
internal sealed class ReplayReport(IAnsiConsole console)
{
    private const int DifferencesShown = 10;

    public void Write(IReadOnlyList<Decision> decisions, int people, IReadOnlyList<Meeting> meetings, Tally tally, TimeSpan took)
    {
        var different = meetings.Where(meeting => !meeting.IsEqual).ToArray();
        var expected = meetings.Count(meeting => meeting.Expected == true);
        var found = meetings.Count(meeting => meeting.IsFound);
        var outcome = different.Length == 0
            ? $"[green]all {meetings.Count:N0} equal[/]"
            : $"{meetings.Count - different.Length:N0} equal, [red]{different.Length:N0} different[/]";

        var sums = new Grid().AddColumn().AddColumn();
        Add("people", $"{people:N0}");
        Add("decisions",
            $"{decisions.Count:N0}: {decisions.Count(decision => decision.IsYes):N0} yes, "
            + $"{decisions.Count(decision => !decision.IsYes):N0} no; "
            + $"[bold]{decisions.Count / took.TotalSeconds:N0}[/] a second, in {took.TotalSeconds:0.00} s");
        Add("matches", $"{expected:N0} in the file, {found:N0} in replies and pushes");
        Add("pairs", outcome);
        foreach (var meeting in different.Take(DifferencesShown))
            Add("", $"{meeting.Pair.One} and {meeting.Pair.Other}: {meeting.Difference}");
        if (different.Length > DifferencesShown)
            Add("", $"and {different.Length - DifferencesShown:N0} more");
        Add("errors", tally.Errors == 0 ? "[green]none[/]" : $"[red]{tally.Errors:N0}[/]");
        foreach (var (kind, count) in tally.ErrorKinds.OrderByDescending(error => error.Value).Take(DifferencesShown))
            Add("", $"{count:N0} x {Markup.Escape(kind)}");
        console.Write(sums);

        void Add(string title, string text) => sums.AddRow($"[grey]{title}[/]", text);
    }
}
