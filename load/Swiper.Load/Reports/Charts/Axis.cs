namespace Swiper.Load.Reports.Charts;

/// <summary>Places values along one side of a chart.</summary>
internal abstract class Axis
{
    /// <summary>From 0, where the axis begins, to 1, where it ends; values beyond it are placed at its end.</summary>
    public double Place(double value)
    {
        var share = PlaceOf(value);
        return double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1);
    }

    /// <summary>Round values, ascending and evenly spread, about as many as asked for at most.</summary>
    public abstract IReadOnlyList<Tick> Ticks(int atMost);

    protected abstract double PlaceOf(double value);

    /// <summary>1, 2 or 5 times a power of ten, at least <paramref name="value"/>.</summary>
    protected static double RoundUp(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        // The quotient may be a hair above the round number that it is.
        return (value / power) switch { <= 1.000001 => 1, <= 2.000001 => 2, <= 5.000001 => 5, _ => 10 } * power;
    }
}
