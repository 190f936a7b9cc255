using Spectre.Console;
using Swiper.Compare.Commands;

namespace Swiper.Compare.Rows;

/// <summary>
/// Takes all measures in turn, round after round, so that a machine that slows down slows all of them. Every other round goes
/// backwards: whatever one measure does to the next, it does in the other direction as well.
/// </summary>
internal static class Rounds
{
    private static readonly Pace WarmUpRound = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5));

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    /// <summary>As many and as long as was asked for, telling how far it is.</summary>
    public static void Run(IReadOnlyList<Measure> measures, CompareOptions options) =>
        Run(measures, options.Rounds, new Pace(WarmUp, TimeSpan.FromSeconds(options.Seconds)), round =>
            AnsiConsole.WriteLine(round == 0 ? "warming up" : $"round {round} of {options.Rounds}"));

    /// <param name="begin">Told the number of each round; 0 is the one that only warms up the servers' code.</param>
    public static void Run(IReadOnlyList<Measure> measures, int rounds, Pace pace, Action<int> begin)
    {
        for (var round = 0; round <= rounds; round++)
        {
            begin(round);
            foreach (var measure in round % 2 == 1 ? measures.Reverse() : measures)
                measure.Take(round == 0 ? WarmUpRound : pace, isKept: round > 0);
        }
    }

    public static double Median(IReadOnlyCollection<double> figures)
    {
        if (figures.Count == 0)
            throw new ArgumentException("there is no median of nothing", nameof(figures));
        double[] sorted = [.. figures.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
