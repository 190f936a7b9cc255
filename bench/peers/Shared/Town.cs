namespace Swiper.Peers;

/// <summary>An entry of the board.</summary>
internal sealed record Standing(int Rank, long Uid, int Score, string Nickname, string Avatar);

/// <summary>The result of a swipe.</summary>
/// <param name="Matched">The other side likes back.</param>
/// <param name="Repeated">The pair was swiped before; <paramref name="Matched"/> is the result of that swipe.</param>
internal readonly record struct SwipeOutcome(bool Matched, bool Repeated);

/// <summary>
/// The in-memory data of every rival that does Swiper's jobs: 20,000 people with names, their swipes, and the board of the most liked.
/// Shared, so that rivals differ only in how they talk to their clients.
/// </summary>
internal sealed class Town
{
    /// <summary>Uids are 1 to this.</summary>
    public const int Size = 20_000;

    public const int Like = 1;
    public const int Dislike = 3;

    private const int BoardSize = 50;
    private const int PointsOfLike = 5;

    private readonly Person[] _people = [.. Enumerable.Range(1, Size).Select(uid => new Person(uid, PointsOfLike * uid))];

    /// <summary>The first 50, best first.</summary>
    public Standing[] Top() =>
    [
        .. _people.OrderByDescending(person => person.Score).ThenBy(person => person.Uid).Take(BoardSize)
            .Select((person, index) => new Standing(index + 1, person.Uid, person.Score, person.Nickname, person.Avatar)),
    ];

    /// <summary>Null if one of the two does not exist, both are the same, or the kind is neither like nor dislike.</summary>
    public SwipeOutcome? Swipe(long uid, long sid, int kind)
    {
        if (uid == sid || uid is < 1 or > Size || sid is < 1 or > Size || kind is not (Like or Dislike))
            return null;
        var (swiper, other) = (_people[uid - 1], _people[sid - 1]);
        if (swiper.Note(sid, kind) is { } first)
            return first;
        other.AddPoints(kind == Like ? PointsOfLike : -PointsOfLike);
        if (kind == Dislike)
            return default(SwipeOutcome);
        // Publish first, then check: of two simultaneous likes at least one finds the other.
        other.AddLiker(uid);
        if (!swiper.IsLikedBy(sid))
            return default(SwipeOutcome);
        swiper.NoteMatch(sid);
        return new SwipeOutcome(Matched: true, Repeated: false);
    }
}
