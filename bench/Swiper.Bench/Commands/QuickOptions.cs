namespace Swiper.Bench.Commands;

/// <summary>What a quick comparison was asked to do.</summary>
/// <param name="RivalsOnly">Leave Swiper out: for looking at the harness and the machine.</param>
internal sealed record QuickOptions(
    int Rounds, double Seconds, IReadOnlyList<string> Filter, string? Json, string Host, int Robots, bool RivalsOnly);
