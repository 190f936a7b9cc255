using Swiper.Core.Accounts;

namespace Swiper.Local.Robots;

/// <summary>Generates robots: half women, half men, aged 18 to 49, spread evenly around a place.</summary>
internal sealed class RobotTown(double lat, double lon, double radiusKm, int seed)
{
    private const double KmADegree = 111.2;
    private static readonly string[] Women = ["Ada", "Bea", "Cleo", "Dora", "Emma", "Fay", "Gina", "Hana", "Ida", "Jun", "Kim", "Lea"];
    private static readonly string[] Men = ["Abe", "Ben", "Carl", "Dan", "Eli", "Finn", "Gus", "Hugo", "Ivan", "Jon", "Kai", "Leo"];

    private readonly Random _random = new(seed);

    /// <summary>Small enough that everyone is within everyone's deck radius.</summary>
    public static RobotTown Berlin() => new(52.52, 13.405, radiusKm: 10, seed: 1);

    public Profile NextPerson(long uid, long now, DateOnly today)
    {
        var sex = _random.Next(2) == 0 ? Sex.Female : Sex.Male;
        var names = sex == Sex.Female ? Women : Men;
        return new Profile
        {
            Uid = uid,
            // Country code 999 is unassigned, so no message can reach a real phone; the uid's digits make the number unique.
            Phone = $"+999{uid % 1_000_000_000_000:D12}",
            Created = now,
            Nickname = $"{names[_random.Next(names.Length)]} {uid % 10_000}",
            Sex = sex,
            Birthday = today.AddDays(-_random.Next(18 * 366, 49 * 365)),
            Location = "Robotown",
            Place = NextPlace(),
            Avatars = [$"https://robots.example/{uid % 1000}.jpg"],
            DatingSex = sex == Sex.Female ? Sex.Male : Sex.Female,
            MaxDistance = (int)Math.Clamp(Math.Ceiling(2 * radiusKm), 1, 20_000),
            MinDistance = 0,
        };
    }

    private Place NextPlace()
    {
        var distance = radiusKm * Math.Sqrt(_random.NextDouble());
        var direction = 2 * Math.PI * _random.NextDouble();
        var north = distance * Math.Cos(direction) / KmADegree;
        var east = distance * Math.Sin(direction) / (KmADegree * Math.Max(0.01, Math.Cos(double.DegreesToRadians(lat))));
        return new Place(Math.Clamp(lat + north, -90, 90), Math.Clamp(lon + east, -180, 180));
    }
}
