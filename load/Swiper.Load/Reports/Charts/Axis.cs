namespace Swiper.Load.Reports.Charts;

/// <summary>A labelled value on an axis.</summary>
internal readonly record struct Tick(double Value, string Label);

/// <summary>Places values along one side of a chart.</summary>
internal abstract class Axis
{
    /// <summary>Position from 0 (start of the axis) to 1 (end); values beyond are clamped.</summary>
    public double Place(double value)
    {
        var share = PlaceOf(value);
        return double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1);
    }

    /// <summary>Round values, ascending and evenly spaced, about as many as requested at most.</summary>
    public abstract IReadOnlyList<Tick> Ticks(int atMost);

    protected abstract double PlaceOf(double value);

    /// <summary>1, 2 or 5 times a power of ten, at least <paramref name="value"/>.</summary>
    protected static double RoundUp(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        // Tolerates the rounding error of the division.
        return (value / power) switch { <= 1.000001 => 1, <= 2.000001 => 2, <= 5.000001 => 5, _ => 10 } * power;
    }
}
