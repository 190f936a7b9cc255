namespace Swiper.Compare.Commands;

/// <summary>The options of a comparison.</summary>
/// <param name="RivalsOnly">Leave Swiper out, to examine the harness and the machine.</param>
internal sealed record CompareOptions(
    int Rounds, double Seconds, IReadOnlyList<string> Filter, string? Json, string Host, int Robots, bool RivalsOnly, bool OnCluster)
{
    private const int RoundsToWrite = 5;

    /// <summary>Options of every measured host, as KEY=VALUE.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Compare with the ancestor's figures instead of the rivals.</summary>
    public bool OfAncestor { get; init; }

    /// <summary>Write the report into docs/performance.md.</summary>
    public bool Write { get; init; }

    /// <summary>The name of the part of docs/performance.md that the run writes.</summary>
    public string Kind => $"compare{(OfAncestor ? "-ancestor" : "")}{(OnCluster ? "-cluster" : "")}";

    /// <summary>Problems with these options, each naming the option.</summary>
    public IEnumerable<string> Problems()
    {
        if (Rounds is < 1 or > 1000)
            yield return $"--rounds: {Rounds} must be from 1 to 1000";
        if (Seconds is not (>= 0.1 and <= 600))
            yield return $"--seconds: {Seconds} must be from 0.1 to 600";
        if (Write && Rounds < RoundsToWrite)
            yield return $"--write: needs at least {RoundsToWrite} rounds";
        if (Write && (Filter.Count > 0 || RivalsOnly))
            yield return "--write: needs all rows and can't be combined with --filter or --rivals-only";
        if (OfAncestor && (Filter.Count > 0 || RivalsOnly))
            yield return "--ancestor: can't be combined with --filter or --rivals-only";
        foreach (var setting in Settings.Where(setting => !setting.Contains('=')))
            yield return $"--set {setting}: expected KEY=VALUE";
        if (Robots is < 0 or > 1_000_000)
            yield return $"--robots: {Robots} must be from 0 to 1000000";
    }
}
