using Spectre.Console;
using Spectre.Console.Rendering;
using Swiper.Client;
using Swiper.Local.Hosts;

namespace Swiper.Tools.Demo;

/// <summary>Some matches, the leaderboard, and the totals.</summary>
internal sealed class SwipingReport(IAnsiConsole console, People people, Tally tally)
{
    private const int MatchesShown = 10;
    private const int ErrorsShown = 5;

    public void Write(IReadOnlyList<BoardPerson> top, long requests, TimeSpan took, bool agrees, ChildHost host)
    {
        console.WriteLine();
        console.Write(top.Count == 0 ? Matches() : new Columns(Matches(), HotRank(top)) { Expand = false });
        var matches = tally.Matches.Count;
        var sums = new Grid().AddColumn().AddColumn();
        Add("requests",
            $"[bold]{requests / took.TotalSeconds:N0}[/] a second: {requests:N0} in {took.TotalSeconds:0.0} s, "
            + "host and robots on the same machine");
        Add("swipes",
            $"{tally.Swipes:N0}: {tally.SwipesOf(SwipeKind.Like):N0} likes, {tally.SwipesOf(SwipeKind.Superlike):N0} superlikes, "
            + $"{tally.SwipesOf(SwipeKind.Dislike):N0} dislikes, each on disk before its reply");
        Add("matches", $"{matches:N0} in replies, {tally.MatchedPushes:N0} pushes received: "
            + (agrees ? "[green]two per match, as expected[/]" : $"[red]expected {2L * matches:N0} pushes[/]"));
        Add("afterwards", $"{tally.Rewinds:N0} swipes taken back, {tally.Partings:N0} friendships ended");
        Add("errors", tally.Errors == 0 ? "[green]none[/]" : $"[red]{tally.Errors:N0}[/]");
        foreach (var (kind, count) in tally.ErrorKinds.OrderByDescending(error => error.Value).Take(ErrorsShown))
            Add("", $"{count:N0} x {Markup.Escape(kind)}");
        if (host.ExitCode is { } exitCode)
            Add("", $"the host exited with code {exitCode}");
        if (host.FirstWarning is { } warning)
            Add("", $"the host logged {host.Warnings:N0} warnings; the first: {Markup.Escape(warning)}");
        console.Write(sums);

        void Add(string title, string text) => sums.AddRow($"[grey]{title}[/]", text);
    }

    private Table Matches()
    {
        var names = people.All.ToDictionary(person => person.Uid, person => person.Name);
        var table = Titled("Some matches", "swiped second", "swiped first");
        foreach (var (uid, sid) in tally.Matches.DistinctBy(match => match.Uid).Take(MatchesShown))
            table.AddRow(new Text(names[uid]), new Text(names.GetValueOrDefault(sid, "?")));
        return table;
    }

    private static Table HotRank(IReadOnlyList<BoardPerson> top)
    {
        var table = Titled("Hot", "rank", "name", "score");
        table.Columns[0].RightAligned();
        table.Columns[2].RightAligned();
        foreach (var person in top)
            table.AddRow(new IRenderable[] { new Text($"{person.Rank}"), new Text(person.Nickname), new Text($"{person.Score:N0}") });
        return table;
    }

    private static Table Titled(string title, params string[] columns)
    {
        var table = new Table().Border(TableBorder.Rounded).Title($"[bold]{title}[/]");
        foreach (var column in columns)
            table.AddColumn($"[grey]{column}[/]");
        return table;
    }
}
