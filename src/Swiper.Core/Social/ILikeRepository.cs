namespace Swiper.Core.Social;

/// <summary>Likes received.</summary>
public interface ILikeRepository
{
    /// <summary>
    /// Who liked or superliked the user and has not been swiped by the user: newest first, and of likes made at the same instant the
    /// greater uid first. A like is included once its swipe is acknowledged.
    /// </summary>
    /// <param name="uid">Who is liked.</param>
    /// <param name="after">Only likes that come after this place; from the first where null.</param>
    /// <param name="limit">Likes at most.</param>
    ValueTask<IReadOnlyList<ReceivedLike>> ReadAsync(long uid, LikeCursor? after, int limit);
}

/// <param name="Uid">Who likes.</param>
/// <param name="Kind">A like or a superlike.</param>
/// <param name="At">When.</param>
public readonly record struct ReceivedLike(long Uid, SwipeKind Kind, long At)
{
    /// <summary>The place right behind this like.</summary>
    public LikeCursor Cursor => new(At, Uid);
}
