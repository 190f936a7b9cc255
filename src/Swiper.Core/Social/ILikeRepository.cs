using System.ComponentModel;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Social;

/// <summary>Likes received.</summary>
public interface ILikeRepository
{
    /// <summary>
    /// Who liked or superliked the user and has not been swiped by the user: newest first, and of likes made at the same instant the
    /// greater uid first. A like is included once its swipe is acknowledged; on the cluster, a moment later on other hosts if the index
    /// was away then. Before that it may be, and may still be the one of two that completes the match.
    /// </summary>
    /// <param name="uid">Who is liked.</param>
    /// <param name="after">Only likes that come after this place; from the first where null.</param>
    /// <param name="limit">Likes at most.</param>
    ValueTask<IReadOnlyList<ReceivedLike>> ReadAsync(long uid, PageCursor? after, int limit);
}

[Description("A like or superlike of the user.")]
public readonly record struct ReceivedLike(
    [Description("who likes the user")] long Uid,
    [Description("a like or a superlike"), Within((int)SwipeKind.Like, (int)SwipeKind.Superlike)] SwipeKind Kind,
    [Description("when"), Time] long At)
{
    /// <summary>The place right behind this like.</summary>
    public PageCursor Cursor => new(At, Uid);
}
