using Swiper.Core.Accounts;
using Swiper.Storage.Indexes;

namespace Swiper.Bench.Indexes;

/// <summary>Deterministic people of one city.</summary>
internal static class People
{
    private const double Lat = 52.52;
    private const double Lon = 13.405;
    private const double RadiusKm = 30;
    private const double KmADegree = 111.2;

    public static readonly DateOnly Today = new(2026, 7, 15);

    public static GeoPoint Centre => new(Lat, Lon);

    /// <summary>Uids like those of an engine: large and not consecutive.</summary>
    public static long UidOf(int number) => 7_000_000_000_000_000 + number * 1_031L;

    public static IEnumerable<Person> Some(int count)
    {
        var random = new Random(1);
        for (var i = 0; i < count; i++)
            yield return new Person((Sex)random.Next(2), Today.DayNumber - random.Next(18 * 366, 49 * 365),
                GridPlace.Snap(PlaceIn(random)), LocationTexts.None);
    }

    // Uniform over a disc around the centre.
    private static GeoPoint PlaceIn(Random random)
    {
        var (angle, km) = (random.NextDouble() * Math.Tau, Math.Sqrt(random.NextDouble()) * RadiusKm);
        return new GeoPoint(
            Lat + km * Math.Cos(angle) / KmADegree,
            Lon + km * Math.Sin(angle) / (KmADegree * Math.Cos(double.DegreesToRadians(Lat))));
    }
}
