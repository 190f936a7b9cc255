using Swiper.Load.Formatting;

namespace Swiper.Load.Reports.Charts;

/// <summary>From zero to a round number a little above the largest value.</summary>
internal sealed class LinearAxis : Axis
{
    private const int Parts = 8;

    private readonly double _end;

    public LinearAxis(double largest)
    {
        largest = double.IsFinite(largest) && largest > 0 ? largest : 1;
        var step = RoundUp(largest / Parts);
        _end = Math.Ceiling(largest / step - 1e-9) * step;
    }

    public override IReadOnlyList<Tick> Ticks(int atMost)
    {
        var step = RoundUp(_end / Math.Max(atMost - 1, 1));
        return [.. Enumerable.Range(0, (int)Math.Floor(_end / step + 1e-9) + 1)
            .Select(index => new Tick(index * step, NumberText.Compact(index * step)))];
    }

    protected override double PlaceOf(double value) => value / _end;
}
