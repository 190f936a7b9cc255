using Swiper.Compare.Batches;
using static Swiper.Compare.Rows.Loads;
using static Swiper.Compare.Rows.Target;

namespace Swiper.Compare.Rows;

/// <summary>The rows of the comparison on the cluster.</summary>
internal static class ClusterRows
{
    private static readonly Pace BatchPace = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));

    public static RowSet Of(Subjects subjects, bool rivalsOnly)
    {
        var oneConnection = new Measure("bare MySQL, 1 connection", pace => subjects.MySql.Measure(1, pace));
        var twoConnections = new Measure("bare MySQL, 2 connections", pace => subjects.MySql.Measure(2, pace));
        if (rivalsOnly)
            return new([new("bare MySQL: 2 connections / 1", twoConnections, oneConnection, null)], []);

        var swipes = Swiping(subjects, Pipelined);
        var saturating = Swiping(subjects, Saturating);
        var script = new Measure("bare Redis script", pace => subjects.Redis.SwipeScripts(pace));
        var top = new Measure("Swiper top 50", pace => Top(subjects, 50, pace));
        var zrevrange = new Measure("bare Redis top 50", pace => subjects.Redis.Top50(pace));
        var halfRate = new HalfRate(subjects, saturating);
        return new(
        [
            new($"durable swipes 64x{Pipelined} / bare MySQL, 1 connection", swipes, oneConnection, AtLeast(0.4)),
            new($"durable swipes 64x{Pipelined} / bare MySQL, 2 connections", swipes, twoConnections, AtLeast(0.4)),
            new($"durable swipes 64x{Saturating} / bare MySQL, 1 connection", saturating, oneConnection, AtLeast(0.4)),
            new($"durable swipes 64x{Saturating} / bare MySQL, 2 connections", saturating, twoConnections, AtLeast(0.4)),
            new($"durable swipes 64x{Saturating} / bare Redis script", saturating, script, null),
            new("top 50 with names / Redis ZREVRANGE 0 49", top, zrevrange, AtLeast(3)),
        ],
        [
            new("garbage: swipe", "B", AtMost(150), () => GarbageOfRequests.Take(
                subjects.Swiper, pace => Swipes(subjects.Swiper, subjects.People(), pace))),
            halfRate.Percentile(50), halfRate.Percentile(90), halfRate.Percentile(99), halfRate.Percentile(100),
        ])
        {
            Batches = () =>
            [
                .. BatchesAtFullRate(subjects, Pipelined),
                .. BatchesAtFullRate(subjects, Saturating),
                .. halfRate.Batches,
            ],
        };
    }

    private static Measure Swiping(Subjects subjects, int inFlight) =>
        new($"Swiper swipes 64x{inFlight}", pace => Swipes(subjects.Swiper, subjects.People(), pace, inFlight));

    private static IReadOnlyList<BatchDistribution> BatchesAtFullRate(Subjects subjects, int inFlight)
    {
        var people = subjects.People();
        return BatchesOfLoad.Take(subjects.Swiper, $"64x{inFlight}", () => Swipes(subjects.Swiper, people, BatchPace, inFlight));
    }
}
