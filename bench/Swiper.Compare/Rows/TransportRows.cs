using Swiper.Load.Wire;

namespace Swiper.Compare.Rows;

/// <summary>Swiper's echo on each of its transports. The other rows are measured on the default one.</summary>
internal static class TransportRows
{
    /// <param name="stockKestrel">The rival of both, by requests in flight.</param>
    public static IEnumerable<Comparison> Of(Subjects subjects, IReadOnlyDictionary<int, Measure> stockKestrel) =>
        stockKestrel.SelectMany(stock =>
    {
        var shape = $"64x{stock.Key}";
        var epoll = new Measure($"Swiper echo {shape}, epoll", pace =>
            Loads.Anonymous(subjects.SwiperOnEpoll, RepeatedRequests.Echo(), stock.Key, pace));
        var sockets = new Measure($"Swiper echo {shape}, sockets", pace =>
            Loads.Anonymous(subjects.SwiperOnSockets, RepeatedRequests.Echo(), stock.Key, pace));
        return (Comparison[])
        [
            new($"transports: echo {shape}, epoll / sockets", epoll, sockets, null),
            new($"transports: echo {shape}, epoll / stock Kestrel", epoll, stock.Value, null),
            new($"transports: echo {shape}, sockets / stock Kestrel", sockets, stock.Value, null),
        ];
    });
}
