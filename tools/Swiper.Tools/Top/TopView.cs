using Spectre.Console;
using Spectre.Console.Rendering;

namespace Swiper.Tools.Top;

/// <summary>What the rows below the sums are ordered by.</summary>
internal enum TopOrder
{
    Rate,
    Errors,
    P50,
    P99,
    Name,
}

/// <summary>
/// A round as text: the sums of all hosts, then a row an opcode or a host. It is made for 80 columns; what is longer is cut, as a line
/// more would shift the rest.
/// </summary>
internal sealed class TopView(IAnsiConsole console)
{
    private const int TitleWidth = 11;
    private const int NumberWidth = 8;
    private const int Longest = 1000;

    public TopOrder Order { get; private set; }

    public bool IsByHost { get; private set; }

    public void OrderByNext() => Order = (TopOrder)(((int)Order + 1) % Enum.GetValues<TopOrder>().Length);

    public void ChangeRows() => IsByHost = !IsByHost;

    /// <summary>Fills the screen, over what was there.</summary>
    public void Show(Round round)
    {
        var keys = $"[grey]o[/] order: {NameOf(Order)}  [grey]h[/] {(IsByHost ? "opcodes" : "hosts")}  [grey]q[/] quit";
        // The last line stays empty: a line feed there would scroll.
        var lines = Lines(round).Take(Math.Max(0, console.Profile.Height - 2)).Append(keys);
        console.Write(new ControlCode("\e[H"));
        foreach (var line in lines)
        {
            console.Write(new Cropped(line));
            console.Write(new ControlCode("\e[K"));
            console.WriteLine();
        }
        console.Write(new ControlCode("\e[J"));
    }

    /// <summary>Writes all of it.</summary>
    public void Write(Round round)
    {
        foreach (var line in Lines(round))
        {
            console.Write(new Cropped(line));
            console.WriteLine();
        }
    }

    private IEnumerable<string> Lines(Round round) =>
    [
        .. Sums(round).Select(sum => $"[grey]{sum.Title.PadRight(TitleWidth)}[/]{sum.Text}"),
        .. IsByHost ? ByHost(round) : ByOp(round.Total),
    ];

    private static IEnumerable<(string Title, string Text)> Sums(Round round)
    {
        var all = round.Total;
        var (requests, connections, traffic, process, lanes) = (all.Requests, all.Connections, all.Traffic, all.Process, all.Lanes);
        yield return ("swiper top", $"{Hosts(round)}  {round.Time:HH:mm:ss} UTC");
        foreach (var host in round.Hosts.Where(host => !host.Up))
            yield return ("away", $"[red]{Plain(host.Host)}[/]: {Plain(host.Error!)}");
        yield return ("requests",
            $"[bold]{Units.Rate(requests.Rate)}[/]/s  errors {Alarm(Units.Rate, requests.ErrorsRate)}/s  "
            + $"throttled {Units.Rate(requests.ThrottledRate)}/s  in flight {Units.Count(requests.InFlight)}");
        yield return ("latency", $"p50 [bold]{Units.Time(requests.P50Seconds)}[/]  p99 [bold]{Units.Time(requests.P99Seconds)}[/]");
        yield return ("errors", all.Errors.Count == 0 ? "none" : string.Join("  ", all.Errors.OrderByDescending(error => error.Rate)
            .Select(error => $"{Plain(error.Code)}: {Alarm(Units.Rate, error.Rate)}/s")));
        yield return ("clients",
            $"{Units.Count(connections.Open)} open  {Units.Count(connections.Sessions)} users  +{Units.Rate(connections.AcceptedRate)}/s  "
            + $"refused {Alarm(Units.Rate, connections.RefusedRate)}/s  paused {Units.Count(connections.Paused)}");
        yield return ("traffic",
            $"in {Units.Bytes(traffic.ReceivedBytesRate)}/s  out {Units.Bytes(traffic.SentBytesRate)}/s  "
            + $"pushes {Units.Rate(traffic.PushesRate)}/s  held {Units.Bytes(connections.BufferedBytes)}");
        yield return ("process",
            $"cpu {Units.Percent(process.CpuCores)}  loops {Units.Percent(process.LoopsBusyShare)}  "
            + $"memory {Units.Bytes(process.MemoryBytes)}  disk {Units.Bytes(all.Health.DiskFreeBytes)} free");
        yield return ("garbage",
            $"{Units.Bytes(process.AllocatedBytesRate)}/s  heap {Units.Bytes(process.HeapBytes)}  "
            + $"gen 0, 1, 2: {Units.Rate(process.Gen0Rate)} {Units.Rate(process.Gen1Rate)} {Units.Rate(process.Gen2Rate)}/s  "
            + $"paused {Units.Percent(process.GcPauseShare)}");
        yield return ("lanes",
            $"{Units.Count(lanes.Depth)} waiting  {Units.Rate(lanes.CommitsRate)} commits/s of {Units.Rate(lanes.BatchSize)}  "
            + $"p50 {Units.Time(lanes.CommitP50Seconds)}  p99 {Units.Time(lanes.CommitP99Seconds)}");
        yield return ("shards", Shards(all.Shards));
        yield return ("index",
            $"{Units.Count(all.Index.LagSwipes)} behind, {Units.Time(all.Index.LagSeconds)}  "
            + $"untrusted {Alarm(Units.Count, all.Index.UntrustedGroups)}  rebuilds {Units.Count(all.Index.Rebuilds)}  "
            + $"redis {all.Index.RedisUp switch { null => "-", true => "up", false => "[red]DOWN[/]" }}");
        yield return ("follow-ups",
            $"{Units.Count(all.FollowUps.Pending)} pending  oldest {Units.Time(all.FollowUps.OldestSeconds)}  "
            + $"failed {Alarm(Units.Rate, all.FollowUps.FailedRate)}/s");
        yield return ("health", Health(all.Health));
    }

    private static string Hosts(Round round) => round.Hosts is [var only]
        ? $"[bold]{Plain(only.Host)}[/]"
        : $"[bold]{round.HostsUp}[/] of {round.Hosts.Count} hosts";

    private static string Shards(IReadOnlyList<ShardReading> shards)
    {
        if (shards.Count == 0)
            return "-";
        string[] bad =
        [
            .. shards.Where(shard => shard.Up == false || shard.BreakerOpen == true)
                .Select(shard => $"[red]{Plain(shard.Shard)} {(shard.Up == false ? "DOWN" : "breaker open")}[/]"),
        ];
        return string.Join("  ", [$"{shards.Count - bad.Length} of {shards.Count} up", .. bad]);
    }

    private static string Health(HealthReading health) =>
        health.Ready switch
        {
            null => "-",
            true => "[green]ready[/]",
            false => $"[red]NOT READY[/]: {Plain(string.Join(", ", health.Reasons))}",
        }
        + $"  canary redis {Units.Time(health.CanaryRedisSeconds)}, hosts {Units.Time(health.CanaryHostsSeconds)}";

    private IEnumerable<string> ByOp(Reading all)
    {
        string[] numbers = ["req/s", "share", "errors/s", "p50", "p99"];
        yield return Heading("opcode", numbers);
        foreach (var op in Ordered(all.Ops, op => op.Op, op => (op.Rate, op.ErrorsRate, op.P50Seconds, op.P99Seconds)))
        {
            var share = all.Requests.Rate > 0 ? op.Rate / all.Requests.Rate : null;
            yield return Name(op.Op, numbers.Length) + Number(Units.Rate(op.Rate), "bold") + Number(Units.Percent(share))
                + Number(Units.Rate(op.ErrorsRate), op.ErrorsRate > 0 ? "red" : "default")
                + Number(Units.Time(op.P50Seconds)) + Number(Units.Time(op.P99Seconds));
        }
    }

    private IEnumerable<string> ByHost(Round round)
    {
        string[] numbers = ["req/s", "errors/s", "p50", "p99", "conns", "cpu", "memory"];
        yield return Heading("host", numbers);
        var hosts = Ordered(round.Hosts, host => host.Host, host => host.Reading is not { Requests: var requests } ? default
            : (requests.Rate, requests.ErrorsRate, requests.P50Seconds, requests.P99Seconds));
        foreach (var host in hosts)
        {
            var name = Name(host.Host, numbers.Length);
            yield return host.Reading is not { Requests: var requests } own ? $"[red]{name}{Number("away")}[/]"
                : (own.Health.Ready == false ? $"[red]{name}[/]" : name) + Number(Units.Rate(requests.Rate), "bold")
                + Number(Units.Rate(requests.ErrorsRate), requests.ErrorsRate > 0 ? "red" : "default")
                + Number(Units.Time(requests.P50Seconds)) + Number(Units.Time(requests.P99Seconds))
                + Number(Units.Count(own.Connections.Open)) + Number(Units.Percent(own.Process.CpuCores))
                + Number(Units.Bytes(own.Process.MemoryBytes));
        }
    }

    private string Heading(string first, string[] numbers) =>
        $"[grey]{Name(first, numbers.Length)}{string.Concat(numbers.Select(number => Number(number)))}[/]";

    // As wide as what the numbers leave of the line, in 80 columns at least; names differ at their ends.
    private string Name(string text, int numbers)
    {
        var width = Math.Clamp(console.Profile.Width, 80, 120) - (numbers * (NumberWidth + 1));
        return Plain(text.Length > width ? $"…{text[^(width - 1)..]}" : text.PadRight(width));
    }

    private static string Number(string text, string style = "default") => $" [{style}]{text,NumberWidth}[/]";

    private IEnumerable<T> Ordered<T>(
        IEnumerable<T> rows, Func<T, string> name, Func<T, (double? Rate, double? Errors, double? P50, double? P99)> numbers) =>
        Order switch
        {
            TopOrder.Name => rows.OrderBy(name, StringComparer.Ordinal),
            TopOrder.Errors => rows.OrderByDescending(row => numbers(row).Errors),
            TopOrder.P50 => rows.OrderByDescending(row => numbers(row).P50),
            TopOrder.P99 => rows.OrderByDescending(row => numbers(row).P99),
            _ => rows.OrderByDescending(row => numbers(row).Rate),
        };

    private static string NameOf(TopOrder order) => order switch
    {
        TopOrder.Rate => "req/s",
        TopOrder.Errors => "errors/s",
        TopOrder.P50 => "p50",
        TopOrder.P99 => "p99",
        _ => "name",
    };

    private static string Alarm(Func<double?, string> unit, double? value) => value > 0 ? $"[red]{unit(value)}[/]" : unit(value);

    // What answers need not be a host: its words must not steer the terminal.
    private static string Plain(string text) =>
        Markup.Escape(string.Concat(text.Select(character => char.IsControl(character) ? '?' : character)));

    /// <summary>One line: what is longer is cut.</summary>
    private sealed class Cropped(string markup) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            Segment.Truncate(((IRenderable)new Markup(markup)).Render(options, Longest), maxWidth);
    }
}
