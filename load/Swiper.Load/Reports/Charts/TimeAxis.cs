using Swiper.Load.Formatting;

namespace Swiper.Load.Reports.Charts;

/// <summary>Seconds of a run; negative values are its warm-up.</summary>
internal sealed class TimeAxis(double start, double end) : Axis
{
    private const double Day = 86_400;

    private static readonly double[] Steps =
        [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, Day];

    private readonly double _length = Math.Max(end - start, 1);

    public override IReadOnlyList<Tick> Ticks(int atMost)
    {
        var rough = _length / Math.Max(atMost, 1);
        var step = Steps.FirstOrDefault(step => step >= rough, Math.Ceiling(rough / Day) * Day);
        var ticks = new List<Tick>();
        for (var at = 0.0; at <= start + _length; at += step)
            ticks.Add(new Tick(at, ClockText.Of(at)));
        return ticks;
    }

    protected override double PlaceOf(double value) => (value - start) / _length;
}
