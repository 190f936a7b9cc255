namespace Swiper.Compare.Rows;

/// <summary>A row with the ratio of one measure to another. Without a target it is informational.</summary>
internal sealed record Comparison(string Name, Measure Ours, Measure Theirs, Target? Target)
{
    /// <summary>The median of the ratios of the rounds: both sides of a ratio come from the same round.</summary>
    public double Ratio() => Rounds.Median([.. Ours.Readings.Zip(Theirs.Readings, (ours, theirs) => ours.Value / theirs.Value)]);
}

/// <summary>A row of Swiper alone, with an absolute bound. Measured after the rounds, because it is compared with nothing.</summary>
/// <param name="Take">Takes the readings whose median is the figure.</param>
internal sealed record Limit(string Name, string Unit, Target? Target, Func<IReadOnlyList<double>> Take);
