using Swiper.Local.Measuring;

namespace Swiper.Load.Measuring;

/// <summary>Counts of codes and latencies. Recording is thread-safe.</summary>
internal sealed class Tally
{
    public CodeTally Codes { get; init; } = new();

    public LatencyHistogram Latencies { get; init; } = new();

    public void Count(int code, TimeSpan latency)
    {
        Codes.Count(code);
        Latencies.Record(latency);
    }

    public void Add(Tally other)
    {
        Codes.Add(other.Codes.ToCounts());
        Latencies.Add(other.Latencies);
    }

    public Tally Copy()
    {
        var copy = new Tally();
        copy.Add(this);
        return copy;
    }

    /// <summary>The difference to <paramref name="earlier"/>, an earlier copy of this one.</summary>
    public Tally Since(Tally earlier)
    {
        var since = new Tally { Latencies = Latencies.Since(earlier.Latencies) };
        var before = earlier.Codes.ToCounts();
        since.Codes.Add(Codes.ToCounts()
            .Select(code => KeyValuePair.Create(code.Key, code.Value - before.GetValueOrDefault(code.Key)))
            .Where(code => code.Value != 0));
        return since;
    }
}
