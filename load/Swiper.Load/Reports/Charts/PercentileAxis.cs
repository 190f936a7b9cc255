using System.Globalization;

namespace Swiper.Load.Reports.Charts;

/// <summary>
/// Percentiles where each further nine gets equal room: 0, 90, 99, 99.9 %. It ends where a single request remains.
/// </summary>
/// <param name="count">Number of requests, which limits the number of nines.</param>
internal sealed class PercentileAxis(long count) : Axis
{
    private const int MostNines = 7;

    private readonly double _nines = Math.Clamp(Math.Log10(Math.Max(count, 1)), 1, MostNines);

    public override IReadOnlyList<Tick> Ticks(int atMost)
    {
        var ticks = new List<Tick> { new(0, "0 %") };
        var most = (int)_nines;
        var step = Math.Max(1, (int)Math.Ceiling(most / (double)Math.Max(atMost - 1, 1)));
        if (step == 1 && most + 2 <= atMost)
            ticks.Add(new Tick(50, "50 %"));
        for (var nines = 1; nines <= most; nines += step)
        {
            var left = (decimal)Math.Pow(10, 2 - nines);
            ticks.Add(new Tick((double)(100 - left), $"{(100 - left).ToString(CultureInfo.InvariantCulture)} %"));
        }
        return ticks;
    }

    protected override double PlaceOf(double value) => value >= 100 ? 1 : -Math.Log10(1 - value / 100) / _nines;
}
