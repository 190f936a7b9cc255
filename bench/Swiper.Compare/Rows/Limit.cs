namespace Swiper.Compare.Rows;

/// <summary>A row of Swiper alone, with an absolute bound. Measured after the rounds, because it is compared with nothing.</summary>
/// <param name="Take">Takes the readings whose median is the figure.</param>
internal sealed record Limit(string Name, string Unit, Target? Target, Func<IReadOnlyList<double>> Take);
