namespace Swiper.Compare.Rows;

/// <summary>A row that tells one measure as a ratio to another. Without a target it is there to be read, not to be met.</summary>
internal sealed record Comparison(string Name, Measure Ours, Measure Theirs, Target? Target)
{
    /// <summary>The median of the rounds' own ratios: both sides of each come from one round.</summary>
    public double Ratio() => Rounds.Median([.. Ours.Readings.Zip(Theirs.Readings, (ours, theirs) => ours.Value / theirs.Value)]);
}
