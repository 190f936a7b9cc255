using System.Numerics;

namespace Swiper.Core.Social;

/// <summary>
/// What the order of a deck is made of, in points. Superlikers and turns aside, whoever has the higher sum is shown first:
/// <code>
/// hot     0 to 300   150 + 150 * points / (|points| + 50), of the points of the board of all time
/// active  0 to 300   300 * 2^(-hours / 72), of the hours from the last activity to 00:00 UTC of the day; 300 on the day itself
/// near    0 to 300   300 * 10 / (9 + km); 0 at an unknown distance
/// luck    0 to 100   a hash of who looks, who is seen and the day
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// The three facts weigh the same, and each has diminishing returns, so that nobody is first by one of them alone. A score of 10 likes
/// more than dislikes is half of what popularity can ever do, so that those who were shown much, and liked much for that, don't rise for
/// ever (https://highscalability.com/tinder-how-does-one-of-the-largest-recommendation-engines-de/ has what becomes of it otherwise).
/// The first ten kilometres cost as much as all after them. A week away costs four fifths of the points for being active.
/// </para>
/// <para>
/// Luck decides among those who are about equal, differently for everybody who looks, and anew each day. Measured against the beginning
/// of the day, nothing but what people do changes the order within a day.
/// </para>
/// </remarks>
public readonly record struct DeckScore(int Hot, int Active, int Near, int Luck)
{
    public const int MostHot = 300;
    public const int MostActive = 300;
    public const int MostNear = 300;
    public const int MostLuck = 100;

    /// <summary>The highest sum there can be.</summary>
    public const int Most = MostHot + MostActive + MostNear + MostLuck;

    // The points that are worth half of what any number of points is worth.
    private const int HalfPoints = 50;
    private const int HalfLifeHours = 72;
    private const int NearKm = 10;

    // By hours; after the last, there is nothing left.
    private static readonly int[] ActiveAfter =
    [
        .. Enumerable.Range(0, 10 * HalfLifeHours)
            .Select(hours => (int)Math.Round(MostActive * Math.Pow(2, -hours / (double)HalfLifeHours))),
    ];

    public int Sum => Hot + Active + Near + Luck;

    /// <param name="points">Of the board of all time; 0 for whoever is not ranked.</param>
    /// <param name="hoursAway">
    /// From the last activity to 00:00 UTC of the day; 0 or less if it was on the day; null if there is none on record.
    /// </param>
    /// <param name="km">Whole kilometres, at least 1; null if unknown.</param>
    /// <param name="draw">Of <see cref="Draw"/>.</param>
    public static DeckScore Of(long points, int? hoursAway, int? km, uint draw) => new(
        (int)(MostHot / 2 + MostHot / 2 * points / (Math.Abs(points) + HalfPoints)),
        hoursAway is not { } hours || hours >= ActiveAfter.Length ? 0 : ActiveAfter[Math.Max(0, hours)],
        km is { } far ? MostNear * NearKm / (NearKm - 1 + Math.Max(1, far)) : 0,
        LuckOf(draw));

    /// <summary>The seeded draw: the same all day, on every host, and unlike that of anybody else.</summary>
    public static uint Draw(long looks, long seen, DateOnly day)
    {
        var mixed = Mix((ulong)looks * 0x9E37_79B9_7F4A_7C15UL ^ BitOperations.RotateLeft((ulong)day.DayNumber, 40));
        return (uint)(Mix(mixed + (ulong)seen) >> 32);
    }

    private static int LuckOf(uint draw) => (int)((ulong)draw * (MostLuck + 1) >> 32);

    // The finisher of splitmix64.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return value ^ (value >> 31);
    }
}
