namespace Swiper.Core.Ranking;

/// <summary>
/// The boards. Ordered by score, and equal scores by who reached them first. A score of zero has no rank.
/// </summary>
public interface IBoardRepository
{
    /// <summary>The first <paramref name="n"/>.</summary>
    ValueTask<IReadOnlyList<BoardStanding>> TopAsync(BoardName board, int n);

    /// <summary>Rank and score of a user; null if the user has no rank.</summary>
    ValueTask<BoardStanding?> RankOfAsync(BoardName board, long uid);

    /// <summary>About <paramref name="n"/> consecutive users around the user; empty if the user has no rank.</summary>
    ValueTask<IReadOnlyList<BoardStanding>> AroundAsync(BoardName board, long uid, int n);
}

/// <param name="Rank">From 1.</param>
/// <param name="Uid">The user.</param>
/// <param name="Score">The sum of the points of all swipes that count on the board.</param>
public readonly record struct BoardStanding(long Rank, long Uid, long Score);
