using System.Globalization;
using System.Text.Json.Serialization;
using Swiper.Compare.Rows;
using Swiper.Load.Scenarios;
using Swiper.Load.Wire;
using Swiper.Local.Measuring;

namespace Swiper.Compare.Ancestor;

/// <summary>How many daily users the machine can serve: the rate of evening traffic at which latency stays within the bound.</summary>
/// <param name="Highest">Requests per second in a closed loop on all connections.</param>
/// <param name="Share">The share of it sustained at a fixed rate.</param>
/// <param name="Latencies">Latencies at that share, each counted from when the request was due.</param>
internal sealed record Capacity(double Highest, double Share, [property: JsonIgnore] LatencyHistogram Latencies)
{
    /// <summary>The bound for the 99th percentile of the latency.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(50);

    // Above 70 % a small burst, or another process on the machine, could start a queue that never drains.
    private static readonly double[] Shares = [0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];

    public double PerSecond => Highest * Share;

    public long DailyUsers => (long)(PerSecond / Evening.PeakPerUser);

    public double MedianMilliseconds => Latencies.At(50).TotalMilliseconds;

    public double Percentile99Milliseconds => Latencies.At(99).TotalMilliseconds;

    public double LongestMilliseconds => Latencies.At(100).TotalMilliseconds;

    public bool IsWithinBound => Latencies.At(99) <= Bound;

    /// <summary>The largest share of the highest rate that meets the bound, or the smallest one tried if none does.</summary>
    public static Capacity Find(Subjects subjects, Measure evening, TimeSpan window)
    {
        if (evening.Trouble is { } trouble)
            throw new InvalidOperationException(trouble);
        var highest = Rounds.Median([.. evening.Readings.Select(reading => reading.Value)]);
        var pace = new Pace(TimeSpan.FromSeconds(1), window);
        Capacity? smallest = null;
        foreach (var share in Shares)
        {
            try
            {
                smallest = new Capacity(highest, share, Loads.EveningAt(highest * share, subjects.Swiper, subjects.People(), pace));
                if (smallest.IsWithinBound)
                    return smallest;
            }
            catch (ServerOverloadedException)
            {
                // Try the next, smaller share.
            }
        }
        return smallest ?? throw new ServerOverloadedException($"the server does not keep up with {Shares[^1]:0 %} of the highest rate");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        Capacity: {(IsWithinBound ? "" : "less than ")}{DailyUsers:#,0} daily users at the evening peak, {PerSecond:#,0} requests a second.
        That is {Share:0 %} of the highest rate ({Highest:#,0}), sent at fixed times. Latency: median {MedianMilliseconds:0.0} ms,
        99th percentile {Percentile99Milliseconds:0.0} ms (target: {Bound.TotalMilliseconds:0} ms), maximum {LongestMilliseconds:0} ms.
        A user makes {Evening.RequestsPerDay} requests a day ({EveningRequests.Description}),
        80 % of them in 20 % of the day: {Evening.PeakPerUser:0.00000} a second.
        """);
}
