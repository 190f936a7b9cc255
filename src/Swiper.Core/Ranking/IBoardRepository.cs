namespace Swiper.Core.Ranking;

/// <summary>
/// Who is hot. Ordered by score, and where scores are equal by who reached it first. A score of zero has no rank.
/// </summary>
public interface IBoardRepository
{
    /// <summary>The first <paramref name="n"/>.</summary>
    ValueTask<IReadOnlyList<BoardStanding>> TopAsync(BoardName board, int n);

    /// <summary>Rank and score of a user; null where the user has no rank.</summary>
    ValueTask<BoardStanding?> RankOfAsync(BoardName board, long uid);

    /// <summary>About <paramref name="n"/> in a row with the user in their middle; empty where the user has no rank.</summary>
    ValueTask<IReadOnlyList<BoardStanding>> AroundAsync(BoardName board, long uid, int n);
}

/// <param name="Rank">From 1.</param>
/// <param name="Uid">Who.</param>
/// <param name="Score">The sum of the points of all swipes that count on the board.</param>
public readonly record struct BoardStanding(long Rank, long Uid, long Score);
