namespace Swiper.Compare.Rows;

/// <summary>A row of Swiper alone, against a bound. It is measured after the rounds, because nothing stands beside it.</summary>
/// <param name="Take">The readings whose median is the figure.</param>
internal sealed record Limit(string Name, string Unit, Target? Target, Func<IReadOnlyList<double>> Take);
