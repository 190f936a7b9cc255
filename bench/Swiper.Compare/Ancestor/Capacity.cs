using System.Globalization;
using System.Text.Json.Serialization;
using Swiper.Compare.Load;
using Swiper.Compare.Rows;
using Swiper.Local.Measuring;

namespace Swiper.Compare.Ancestor;

/// <summary>How many daily users the machine carries: the rate of an evening's requests at which nobody waits for long.</summary>
/// <param name="Highest">Requests a second with all connections always asking.</param>
/// <param name="Share">The part of it that was kept up at a fixed rate.</param>
/// <param name="Latencies">At that part, each counted from when the request was due.</param>
internal sealed record Capacity(double Highest, double Share, [property: JsonIgnore] LatencyHistogram Latencies)
{
    /// <summary>80 % of a day's requests come in 20 % of the day.</summary>
    private const double PeakPerUser = EveningRequests.PerDay * 0.8 / (0.2 * 86_400);

    /// <summary>What 99 of 100 requests have to be answered within.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(50);

    // Above seven tenths a small crowd more, or a neighbour on the machine, would make a queue that does not end.
    private static readonly double[] Shares = [0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];

    public double PerSecond => Highest * Share;

    public long DailyUsers => (long)(PerSecond / PeakPerUser);

    public double MedianMilliseconds => Latencies.TimeAt(50).TotalMilliseconds;

    public double Percentile99Milliseconds => Latencies.TimeAt(99).TotalMilliseconds;

    public double LongestMilliseconds => Latencies.TimeAt(100).TotalMilliseconds;

    public bool IsWithinBound => Latencies.TimeAt(99) <= Bound;

    /// <summary>The largest share of the highest rate that keeps the bound; the smallest one tried where none does.</summary>
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
                // The next share is smaller.
            }
        }
        return smallest ?? throw new ServerOverloadedException($"the server does not keep up with {Shares[^1]:0 %} of the highest rate");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        Capacity: {(IsWithinBound ? $"{DailyUsers:#,0} daily users" : $"less than {DailyUsers:#,0} daily users")} at the evening peak, {PerSecond:#,0} requests a second. That is {Share:0 %} of the highest rate ({Highest:#,0}),
        sent when they are due. 99 % are answered within {Percentile99Milliseconds:0.0} ms (asked for: {Bound.TotalMilliseconds:0}), half within {MedianMilliseconds:0.0}, the last after {LongestMilliseconds:0}.
        A user is {EveningRequests.PerDay} requests a day ({EveningRequests.Description}),
        80 % of them in 20 % of the day: {PeakPerUser:0.00000} a second.
        """);
}
