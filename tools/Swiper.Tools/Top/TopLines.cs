namespace Swiper.Tools.Top;

/// <summary>A round in a line, for pipes and files, and now and then what its columns are.</summary>
internal static class TopLines
{
    /// <summary>How many rounds a heading stands for.</summary>
    public const int ToAHeading = 20;

    public static string Heading { get; } =
        Line("time", "hosts", "req/s", "errors/s", "p50", "p99", "conns", "cpu", "memory", "lanes", "lag", "ready");

    public static string Of(Round round)
    {
        var all = round.Total;
        return Line(
            $"{round.Time:HH:mm:ss}", $"{round.HostsUp}/{round.Hosts.Count}",
            Units.Rate(all.Requests.Rate), Units.Rate(all.Requests.ErrorsRate),
            Units.Time(all.Requests.P50Seconds), Units.Time(all.Requests.P99Seconds), Units.Count(all.Connections.Open),
            Units.Percent(all.Process.CpuCores), Units.Bytes(all.Process.MemoryBytes), Units.Count(all.Lanes.Depth),
            Units.Time(all.Index.LagSeconds),
            all.Health.Ready switch { null => "-", true => "yes", false => $"no: {string.Join(", ", all.Health.Reasons)}" });
    }

    private static string Line(
        string time, string hosts, string requests, string errors, string p50, string p99, string connections, string cpu, string memory,
        string lanes, string lag, string ready) =>
        $"{time,-8} {hosts,5} {requests,9} {errors,8} {p50,8} {p99,8} {connections,8} {cpu,7} {memory,9} {lanes,7} {lag,8} {ready}";
}
