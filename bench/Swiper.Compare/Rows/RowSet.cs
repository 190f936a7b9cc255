using Swiper.Compare.Batches;
using Swiper.Load.Wire;
using static Swiper.Compare.Rows.Loads;
using static Swiper.Compare.Rows.Target;

namespace Swiper.Compare.Rows;

/// <summary>The rows of the comparison and their targets.</summary>
internal sealed class RowSet
{
    private const string Cached = "cached read";
    private const string Garbage = "garbage";

    public RowSet(IReadOnlyList<Comparison> comparisons, IReadOnlyList<Limit> limits)
    {
        Comparisons = comparisons;
        Limits = limits;
        Measures = [.. comparisons.SelectMany(row => new[] { row.Ours, row.Theirs }).Distinct()];
    }

    public IReadOnlyList<Comparison> Comparisons { get; }

    public IReadOnlyList<Limit> Limits { get; }

    /// <summary>Measures batch sizes under some loads; null if not requested.</summary>
    public Func<IReadOnlyList<BatchDistribution>>? Batches { get; init; }

    /// <summary>The distinct measures of the comparisons, in the order of a round.</summary>
    public IReadOnlyList<Measure> Measures { get; }

    public static RowSet Of(Subjects subjects, bool rivalsOnly)
    {
        var piped = EchoMeasures(subjects, Pipelined);
        var single = EchoMeasures(subjects, 1);
        if (rivalsOnly)
            return new([.. Yardsticks(piped), .. Yardsticks(single)], []);

        var top = new Measure("Swiper top 10", pace => Top(subjects, 10, pace));
        var top50 = new Measure("Swiper top 50", pace => Top(subjects, 50, pace));
        var profile = new Measure("Swiper own profile", pace => SignedIn(subjects.Swiper, RepeatedRequests.OwnProfile(), pace));
        var swipes = new Measure("Swiper swipes", pace => Swipes(subjects.Swiper, subjects.People(), pace));
        var blocks = new Measure("Swiper blocks", pace => Blocks(subjects.SwiperOfBlocks, subjects.PeopleOfBlocks(), pace));
        var sqlite = new Measure("bare SQLite batches", pace => subjects.Sqlite.Measure(pace));
        return new(
        [
            .. EchoRows(piped),
            .. EchoRows(single),
            new($"{Cached}: top 10 / echo", top, piped.Swiper, AtLeast(0.7)),
            new($"{Cached}: own profile / echo", profile, piped.Swiper, AtLeast(0.7)),
            new("durable swipes / bare SQLite", swipes, sqlite, AtLeast(1.3)),
            new("a record (block) / a durable swipe", blocks, swipes, AtLeast(0.5)),
            .. JobRows.Of(subjects, Both(piped.Swiper, single.Swiper), swipes, top50),
            .. TransportRows.Of(subjects, Both(piped.StockKestrel, single.StockKestrel)),
            .. TlsRows.Of(subjects),
            new($"metrics: echo 64x{Pipelined}, with / without",
                new("Swiper echo, counted", pace => Anonymous(subjects.SwiperCounting, RepeatedRequests.Echo(), Pipelined, pace)),
                new("Swiper echo, uncounted", pace => Anonymous(subjects.SwiperUncounted, RepeatedRequests.Echo(), Pipelined, pace)),
                AtLeast(0.98)),
        ],
        [
            // The counter's granularity of 8 KiB can show half a byte per request where nothing is allocated.
            new($"{Garbage}: ping", "B", AtMost(0, noise: 0.5), () => GarbageOfRequests.Take(
                subjects.Swiper, pace => Anonymous(subjects.Swiper, RepeatedRequests.Ping(), Pipelined, pace))),
            new($"{Garbage}: echo", "B", AtMost(0, noise: 0.5), () => GarbageOfRequests.Take(
                subjects.Swiper, pace => Anonymous(subjects.Swiper, RepeatedRequests.Echo(), Pipelined, pace))),
            // The allocations of .NET's TLS are not Swiper's, so this row is informational.
            new($"{Garbage}: echo, that of TLS too", "B", null, () => GarbageOfRequests.Take(
                subjects.SwiperOverTls, pace => AnonymousOverTls(subjects.SwiperOverTls, RepeatedRequests.Echo(), Pipelined, pace))),
            new($"{Garbage}: top 10", "B", AtMost(0, noise: 0.5), () => GarbageOfRequests.Take(
                subjects.Swiper, pace => Top(subjects, 10, pace))),
            new($"{Garbage}: own profile", "B", AtMost(0, noise: 0.5), () => GarbageOfRequests.Take(
                subjects.Swiper, pace => SignedIn(subjects.Swiper, RepeatedRequests.OwnProfile(), pace))),
            // Includes what the index keeps of a swipe, so this row has no bound; see bench/README.md.
            new($"{Garbage}: swipe, what it keeps too", "B", null, () => GarbageOfRequests.Take(
                subjects.Swiper, pace => Swipes(subjects.Swiper, subjects.People(), pace))),
            new("memory, idle connection", "B", AtMost(6 * 1024), () =>
            {
                using var swiper = subjects.FreshSwiper(MemoryOfConnections.Robots);
                return MemoryOfConnections.Take(swiper);
            }),
            new("memory, idle connection over TLS", "B", null, () =>
            {
                using var swiper = subjects.FreshSwiperOverTls();
                return MemoryOfConnections.TakeOverTls(swiper);
            }),
            new("start to first answer, empty", "s", AtMost(1), () => StartOfHost.Take(subjects)),
        ]);
    }

    /// <summary>The rows whose name contains one of the words; all rows without words.</summary>
    public RowSet Where(IReadOnlyList<string> words)
    {
        bool IsAsked(string name) => words.Count == 0 || words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
        return new([.. Comparisons.Where(row => IsAsked(row.Name))], [.. Limits.Where(row => IsAsked(row.Name))])
        {
            Batches = IsAsked("batches") ? Batches : null,
        };
    }

    private static OrderedDictionary<int, Measure> Both(Measure piped, Measure single) => new() { [Pipelined] = piped, [1] = single };

    private static Echoes EchoMeasures(Subjects subjects, int inFlight)
    {
        var shape = $"64x{inFlight}";
        return new(
            shape,
            new($"Swiper echo {shape}", pace => Anonymous(subjects.Swiper, RepeatedRequests.Echo(), inFlight, pace)),
            new($"stock Kestrel {shape}", pace => BareEcho(subjects.StockKestrel, inFlight, pace)),
            new($"best Kestrel {shape}", pace => BareEcho(subjects.BestKestrel, inFlight, pace)),
            new($"C epoll {shape}", pace => BareEcho(subjects.EpollEcho, inFlight, pace)));
    }

    private static IEnumerable<Comparison> EchoRows(Echoes echoes) =>
    [
        new($"echo {echoes.Shape} / stock Kestrel", echoes.Swiper, echoes.StockKestrel, AtLeast(1.7, first: 0.9)),
        new($"echo {echoes.Shape} / best Kestrel", echoes.Swiper, echoes.BestKestrel, null),
        new($"echo {echoes.Shape} / C epoll", echoes.Swiper, echoes.Epoll, AtLeast(1)),
        .. Yardsticks(echoes),
    ];

    // Rivals against each other: these rows characterize the machine.
    private static IEnumerable<Comparison> Yardsticks(Echoes echoes) =>
    [
        new($"stock Kestrel / C epoll {echoes.Shape}", echoes.StockKestrel, echoes.Epoll, null),
        new($"best Kestrel / C epoll {echoes.Shape}", echoes.BestKestrel, echoes.Epoll, null),
    ];

    private sealed record Echoes(string Shape, Measure Swiper, Measure StockKestrel, Measure BestKestrel, Measure Epoll);
}
