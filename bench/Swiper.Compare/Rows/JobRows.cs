using Swiper.Compare.Peers;
using static Swiper.Compare.Rows.Target;

namespace Swiper.Compare.Rows;

/// <summary>Three of Swiper's jobs against the same jobs in other technologies.</summary>
internal static class JobRows
{
    private const int RatioToRedis = 3;

    /// <param name="subjects">The servers.</param>
    /// <param name="echoes">Swiper's echo, by requests in flight.</param>
    /// <param name="swipes">Swiper's durable swipes.</param>
    /// <param name="top">Swiper's top 50.</param>
    public static IEnumerable<Comparison> Of(Subjects subjects, IReadOnlyDictionary<int, Measure> echoes, Measure swipes, Measure top)
    {
        Technology[] technologies =
        [
            new("HTTP JSON", () => subjects.HttpJson),
            new("SignalR", () => subjects.SignalR),
            new("gRPC", () => subjects.Grpc),
        ];
        var redis = new Measure("Redis top 50", pace => subjects.Redis.Top50(pace));
        var inMemory = new Measure("Swiper swipes, files in memory", pace =>
            Loads.Swipes(subjects.SwiperInMemory, subjects.PeopleInMemory(), pace));
        return
        [
            .. echoes.SelectMany(echo => technologies.Select(technology => new Comparison(
                $"echo 64x{echo.Key} / {technology.Name}", echo.Value,
                new($"{technology.Name} echo 64x{echo.Key}", pace => technology.Server().Echo(echo.Key, pace)), null))),
            new("top 50 with names / Redis ZREVRANGE 0 49", top, redis, AtLeast(RatioToRedis)),
            .. technologies.Select(technology => new Comparison(
                $"top 50 with names / {technology.Name}", top, new($"{technology.Name} top 50", pace => technology.Server().Top50(pace)),
                null)),
            .. technologies.SelectMany(technology =>
            {
                var rival = new Measure($"{technology.Name} swipes", pace => technology.Server().Swipes(pace));
                return (Comparison[])
                [
                    new($"swipe, durable / {technology.Name}, in memory", swipes, rival, null),
                    new($"swipe, files in memory / {technology.Name}, in memory", inMemory, rival, null),
                ];
            }),
        ];
    }

    private sealed record Technology(string Name, Func<IJobServer> Server);
}
