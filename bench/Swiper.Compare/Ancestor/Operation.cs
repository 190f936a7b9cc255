using Swiper.Compare.Rows;
using Swiper.Load.Wire;

namespace Swiper.Compare.Ancestor;

/// <summary>A kind of operation, and the ancestor's rate for it on its own machine.</summary>
internal sealed record AncestorRate(string Kind, double PerSecond)
{
    public static readonly AncestorRate Echo = new("echo", 39_000);
    public static readonly AncestorRate Cached = new("cached", 10_000);
    public static readonly AncestorRate Database = new("database", 800);
}

/// <summary>
/// One operation by itself, as measured by the ancestor's load tool: every connection has one request in flight.
/// </summary>
internal sealed record Operation(AncestorRate Ancestor, Measure Measure)
{
    public const int InFlight = 1;

    /// <summary>The ratio to the ancestor's rate.</summary>
    public double Times => Rounds.Median([.. Measure.Readings.Select(reading => reading.Value)]) / Ancestor.PerSecond;

    /// <summary>The operations answered from memory, and those made durable before the reply.</summary>
    public static IReadOnlyList<Operation> AllOf(Subjects subjects) =>
    [
        new(AncestorRate.Echo, new("echo", pace => Loads.Anonymous(subjects.Swiper, RepeatedRequests.Echo(), InFlight, pace))),
        new(AncestorRate.Cached, Read(subjects, "profile, one's own", RepeatedRequests.OwnProfile)),
        new(AncestorRate.Cached, new("top, 50 with names", pace => Loads.Top(subjects, 50, pace, InFlight))),
        new(AncestorRate.Cached, Read(subjects, "rank_of", RepeatedRequests.RankOf)),
        new(AncestorRate.Cached, Read(subjects, "liked_me", RepeatedRequests.LikedMe)),
        new(AncestorRate.Cached, Read(subjects, "deck of 30", RepeatedRequests.Deck)),
        new(AncestorRate.Database, new("swipe", pace => Loads.Swipes(subjects.Swiper, subjects.People(), pace, InFlight))),
        new(AncestorRate.Database, Read(subjects, "update_profile", RepeatedRequests.UpdateProfile)),
    ];

    private static Measure Read(Subjects subjects, string name, Func<RepeatedRequests> requests) =>
        new(name, pace => Loads.SignedIn(subjects.Swiper, requests(), pace, InFlight));
}
