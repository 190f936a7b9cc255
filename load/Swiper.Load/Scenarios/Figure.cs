namespace Swiper.Load.Scenarios;

/// <summary>A number that a scenario tells of its run.</summary>
/// <param name="Merge">How those of several processes become one.</param>
public readonly record struct Figure(string Name, double Value, FigureMerge Merge = FigureMerge.Sum);

public enum FigureMerge
{
    Sum,
    Max,
}
