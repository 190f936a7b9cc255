using System.Diagnostics;
using System.Globalization;

namespace Swiper.Tools.Top;

/// <summary>All series of a host at a moment.</summary>
/// <param name="At">Of <see cref="Stopwatch.GetTimestamp"/>, so that no change of the clock makes a rate wrong.</param>
/// <param name="Samples">One a series.</param>
internal sealed record Scrape(long At, IReadOnlyList<Sample> Samples)
{
    public ILookup<string, Sample> ByName { get; } = Samples.ToLookup(sample => sample.Name);
}

/// <summary>What happened at a host between two scrapes.</summary>
internal sealed class Interval
{
    private readonly Dictionary<string, double>? _before;
    private readonly double _seconds;

    /// <param name="earlier">Null after the first scrape of a host: then there are values of now, and no rates.</param>
    /// <param name="later">The newest.</param>
    public Interval(Scrape? earlier, Scrape later)
    {
        Later = later;
        if (earlier is null)
            return;
        _seconds = Stopwatch.GetElapsedTime(earlier.At, later.At).TotalSeconds;
        _before = [];
        foreach (var sample in earlier.Samples)
            _before[sample.Series] = sample.Value;
    }

    public Scrape Later { get; }

    /// <summary>How much a counter has grown a second; null if there was no scrape before.</summary>
    /// <remarks>One that is less than before began anew with its host. One that was not there had counted nothing until then.</remarks>
    public double? RateOf(Sample counter)
    {
        if (_before is null || _seconds <= 0)
            return null;
        var before = _before.GetValueOrDefault(counter.Series);
        return (counter.Value < before ? counter.Value : counter.Value - before) / _seconds;
    }
}

/// <summary>
/// The metrics of some hosts, added up, or of some of their series. What no host has, as an older one has not all of them, is null.
/// </summary>
internal sealed class Metrics
{
    private readonly IReadOnlyList<Interval> _hosts;
    private readonly Func<Sample, bool> _isMeant;

    public Metrics(params IReadOnlyList<Interval> hosts)
        : this(hosts, static _ => true)
    {
    }

    private Metrics(IReadOnlyList<Interval> hosts, Func<Sample, bool> isMeant) => (_hosts, _isMeant) = (hosts, isMeant);

    /// <summary>Only the series with that label.</summary>
    public Metrics Where(string label, string value) => Where(sample => sample.Has(label, value));

    /// <summary>Only the series with another value of that label.</summary>
    public Metrics WhereNot(string label, string value) => Where(sample => !sample.Has(label, value));

    public double? Sum(string name) => Of(name, static values => values.Sum());

    public double? Max(string name) => Of(name, static values => values.Max());

    public double? Min(string name) => Of(name, static values => values.Min());

    /// <summary>A second.</summary>
    public double? Rate(string counter) => Rates(counter) is { Count: > 0 } rates ? rates.Sum() : null;

    /// <summary>The mean of the series' rates.</summary>
    public double? MeanRate(string counter) => Rates(counter) is { Count: > 0 } rates ? rates.Average() : null;

    /// <summary>What a label stands for in the series of that name, in order.</summary>
    public IReadOnlyList<string> Values(string name, string label) =>
    [
        .. Samples(name).Select(series => series.Sample.Labels.GetValueOrDefault(label)).OfType<string>().Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The mean of what a histogram was told since the scrape before.</summary>
    public double? Mean(string histogram) =>
        Rate($"{histogram}_sum") is { } sum && Rate($"{histogram}_count") is { } count and > 0 ? sum / count : null;

    /// <summary>Below it lies that share of what a histogram was told since the scrape before; null if it was told nothing.</summary>
    /// <remarks>As Prometheus estimates it: evenly within a bucket, and above all bounds it is the highest of them.</remarks>
    /// <param name="histogram">Its name.</param>
    /// <param name="share">0 to 1.</param>
    /// <param name="weightOf">How often what a series was told happened for each time that it was told.</param>
    public double? Quantile(string histogram, double share, Func<Sample, double>? weightOf = null)
    {
        var buckets = new SortedDictionary<double, double>();
        foreach (var (host, sample) in Samples($"{histogram}_bucket"))
        {
            if (sample.Labels.TryGetValue("le", out var text) && BoundOf(text) is { } bound && host.RateOf(sample) is { } rate)
                buckets[bound] = buckets.GetValueOrDefault(bound) + (rate * (weightOf?.Invoke(sample) ?? 1));
        }
        if (buckets.Count == 0 || buckets.Last() is not { Value: > 0 } all)
            return null;
        var wanted = share * all.Value;
        var (lower, below) = (0.0, 0.0);
        foreach (var (bound, upTo) in buckets)
        {
            if (upTo >= wanted && upTo > below)
                return double.IsInfinity(bound) ? lower : lower + ((bound - lower) * (wanted - below) / (upTo - below));
            (lower, below) = (bound, upTo);
        }
        return lower;
    }

    private static double? BoundOf(string text) => text == "+Inf" ? double.PositiveInfinity
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound : null;

    private Metrics Where(Func<Sample, bool> isMeant) => new(_hosts, sample => _isMeant(sample) && isMeant(sample));

    private double? Of(string name, Func<IEnumerable<double>, double> fold)
    {
        var values = Samples(name).Select(series => series.Sample.Value).Where(double.IsFinite).ToArray();
        return values.Length > 0 ? fold(values) : null;
    }

    private List<double> Rates(string counter) =>
        [.. Samples(counter).Select(series => series.Host.RateOf(series.Sample)).OfType<double>().Where(double.IsFinite)];

    private IEnumerable<(Interval Host, Sample Sample)> Samples(string name) =>
        _hosts.SelectMany(host => host.Later.ByName[name].Where(_isMeant).Select(sample => (host, sample)));
}
