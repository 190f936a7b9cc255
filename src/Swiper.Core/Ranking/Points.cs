using Swiper.Core.Social;

namespace Swiper.Core.Ranking;

/// <summary>What a swipe is worth to the one who was swiped.</summary>
public static class Points
{
    /// <summary>The points of one swipe; a rewind takes the same number back.</summary>
    public static int For(SwipeKind kind) => kind switch
    {
        SwipeKind.Like => 5,
        SwipeKind.Superlike => 7,
        SwipeKind.Dislike => -5,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of swipe."),
    };
}
