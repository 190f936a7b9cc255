namespace Swiper.Compare.Commands;

/// <summary>What a comparison was asked to do.</summary>
/// <param name="RivalsOnly">Leave Swiper out: for looking at the harness and the machine.</param>
internal sealed record CompareOptions(
    int Rounds, double Seconds, IReadOnlyList<string> Filter, string? Json, string Host, int Robots, bool RivalsOnly, bool OnCluster)
{
    private const int RoundsToWrite = 5;

    /// <summary>Options of every measured host, as KEY=VALUE.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Beside the ancestor's figures instead of the rivals.</summary>
    public bool OfAncestor { get; init; }

    /// <summary>Put the report into docs/performance.md.</summary>
    public bool Write { get; init; }

    /// <summary>The name of the part of docs/performance.md that such a run writes.</summary>
    public string Kind => $"compare{(OfAncestor ? "-ancestor" : "")}{(OnCluster ? "-cluster" : "")}";

    /// <summary>What is wrong with these options, as sentences that name the option.</summary>
    public IEnumerable<string> Problems()
    {
        if (Rounds is < 1 or > 1000)
            yield return $"--rounds: {Rounds} is not within 1 to 1000";
        if (Seconds is not (>= 0.1 and <= 600))
            yield return $"--seconds: {Seconds} is not within 0.1 to 600";
        if (Write && Rounds < RoundsToWrite)
            yield return $"--write: medians of fewer than {RoundsToWrite} rounds are not for documents";
        if (Write && (Filter.Count > 0 || RivalsOnly))
            yield return "--write: takes all rows, so not with --filter or --rivals-only";
        if (OfAncestor && (Filter.Count > 0 || RivalsOnly))
            yield return "--ancestor: has no --filter and no --rivals-only";
        foreach (var setting in Settings.Where(setting => !setting.Contains('=')))
            yield return $"--set {setting}: expected KEY=VALUE";
        if (Robots is < 0 or > 1_000_000)
            yield return $"--robots: {Robots} is not within 0 to 1000000";
    }
}
