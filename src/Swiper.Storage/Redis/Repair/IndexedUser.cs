using System.Globalization;
using StackExchange.Redis;

namespace Swiper.Storage.Redis.Repair;

/// <summary>What the index holds about a user.</summary>
/// <param name="Uid">The user.</param>
/// <param name="Trusted">Whether the group was built on the process that answered.</param>
/// <param name="Applied">The last batch of each lane applied to the group.</param>
/// <param name="Swiped">Those the user has swiped, in no order.</param>
/// <param name="Likers">Those who like the user, and when; may still contain people the user has swiped.</param>
/// <param name="Superlikers">The superlikers among them, likewise.</param>
/// <param name="Scores">The user's scores on the current boards.</param>
internal sealed record IndexedUser(
    long Uid, bool Trusted, IReadOnlyList<LaneMark> Applied, IReadOnlyList<long> Swiped, IReadOnlyDictionary<long, long> Likers,
    IReadOnlyDictionary<long, long> Superlikers, IReadOnlyList<MendedScore> Scores)
{
    public static IndexedUser Read(long uid, BoardPeriod[] boards, RedisResult answer)
    {
        var parts = ((RedisResult[]?)answer)!;
        var scores = new List<MendedScore>();
        var places = ((RedisValue[]?)parts[5])!;
        for (var index = 0; index < boards.Length; index++)
        {
            if (places[index].IsNullOrEmpty)
                continue;
            var place = double.Parse(((string?)places[index])!, CultureInfo.InvariantCulture);
            scores.Add(new MendedScore(boards[index], BoardPlace.ScoreOf(place), BoardPlace.ReachedOf(place)));
        }

        return new IndexedUser(
            uid, (int)parts[0] == 1, LaneMark.ReadAll(((RedisValue[]?)parts[1])!),
            Array.ConvertAll(((RedisValue[]?)parts[2])!, sid => (long)sid),
            Times(parts[3]), Times(parts[4]), scores);
    }

    private static Dictionary<long, long> Times(RedisResult answer)
    {
        var pairs = ((RedisValue[]?)answer)!;
        var times = new Dictionary<long, long>(pairs.Length / 2);
        for (var index = 0; index < pairs.Length; index += 2)
            times.Add((long)pairs[index], (long)(double)pairs[index + 1]);
        return times;
    }
}
