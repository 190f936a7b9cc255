using Spectre.Console;
using Swiper.Compare.Commands;

namespace Swiper.Compare.Rows;

/// <summary>
/// Takes all measures in turn, round after round, so that a slowdown of the machine affects all of them. Every other round runs in
/// reverse order, so that effects of one measure on the next cancel out.
/// </summary>
internal static class Rounds
{
    private static readonly Pace WarmUpRound = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5));

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs the rounds and reports progress.</summary>
    public static void Run(IReadOnlyList<Measure> measures, CompareOptions options) =>
        Run(measures, options.Rounds, new Pace(WarmUp, TimeSpan.FromSeconds(options.Seconds)), round =>
            AnsiConsole.WriteLine(round == 0 ? "warming up" : $"round {round} of {options.Rounds}"));

    /// <param name="begin">Called with the number of each round; 0 is the warm-up round.</param>
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
            throw new ArgumentException("no figures to take the median of", nameof(figures));
        double[] sorted = [.. figures.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
