using Swiper.Load.Formatting;

namespace Swiper.Load.Reports.Charts;

/// <summary>
/// Latencies in microseconds on a logarithmic scale between round values, at least a decade apart. It starts at one microsecond or
/// above; smaller values, zero included, are drawn at the start.
/// </summary>
internal sealed class LogAxis : Axis
{
    private readonly double _start;
    private readonly double _end;

    public LogAxis(IEnumerable<double> values)
    {
        double smallest = double.PositiveInfinity, largest = 1;
        foreach (var value in values.Where(double.IsFinite))
        {
            smallest = Math.Min(smallest, Math.Max(value, 1));
            largest = Math.Max(largest, value);
        }
        _end = RoundUp(Math.Max(largest, 10));
        _start = Math.Min(RoundDown(Math.Min(smallest, _end)), _end / 10);
    }

    public override IReadOnlyList<Tick> Ticks(int atMost)
    {
        double[][] choices = [[1, 2, 5], [1, 3], [1]];
        foreach (var factors in choices)
        {
            var ticks = Between(factors, step: 1);
            if (ticks.Count <= atMost)
                return ticks;
        }
        return Between([1], step: (int)Math.Ceiling(Math.Log10(_end / _start) / Math.Max(atMost - 1, 1)));
    }

    protected override double PlaceOf(double value) => Math.Log10(Math.Max(value, _start) / _start) / Math.Log10(_end / _start);

    private List<Tick> Between(double[] factors, int step)
    {
        var ticks = new List<Tick>();
        for (var exponent = (int)Math.Floor(Math.Log10(_start)); Math.Pow(10, exponent) <= _end * 1.000001; exponent += step)
        {
            ticks.AddRange(factors.Select(factor => factor * Math.Pow(10, exponent))
                .Where(value => value >= _start * 0.999999 && value <= _end * 1.000001)
                .Select(value => new Tick(value, LatencyText.Of(value))));
        }
        return ticks;
    }

    private static double RoundDown(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return (value / power) switch { < 1.999999 => 1, < 4.999999 => 2, _ => 5 } * power;
    }
}
