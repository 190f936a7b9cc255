using Swiper.Load.Wire;

namespace Swiper.Compare.Rows;

/// <summary>The echo over TLS, as used by native apps: both sides use Kestrel's TLS and the same certificate.</summary>
internal static class TlsRows
{
    public static IEnumerable<Comparison> Of(Subjects subjects) => new[] { Loads.Pipelined, 1 }.SelectMany(inFlight =>
    {
        var shape = $"64x{inFlight}";
        var swiper = new Measure($"Swiper echo {shape}, TLS", pace =>
            Loads.AnonymousOverTls(subjects.SwiperOverTls, RepeatedRequests.Echo(), inFlight, pace));
        return (Comparison[])
        [
            new($"TLS: echo {shape} / stock Kestrel", swiper,
                new($"stock Kestrel {shape}, TLS", pace => Loads.BareEchoOverTls(subjects.StockKestrelOverTls, inFlight, pace)), null),
            new($"TLS: echo {shape} / best Kestrel", swiper,
                new($"best Kestrel {shape}, TLS", pace => Loads.BareEchoOverTls(subjects.BestKestrelOverTls, inFlight, pace)), null),
        ];
    });
}
