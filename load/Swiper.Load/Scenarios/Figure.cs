namespace Swiper.Load.Scenarios;

/// <summary>A scenario-specific figure of a run.</summary>
/// <param name="Merge">How the values of several processes are combined.</param>
public readonly record struct Figure(string Name, double Value, FigureMerge Merge = FigureMerge.Sum);

public enum FigureMerge
{
    Sum,
    Max,
}
