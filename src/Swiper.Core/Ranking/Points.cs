using Swiper.Core.Social;

namespace Swiper.Core.Ranking;

/// <summary>The points that a swipe gives the swiped user.</summary>
public static class Points
{
    /// <summary>The points of one swipe; a rewind takes them back.</summary>
    public static int For(SwipeKind kind) => kind switch
    {
        SwipeKind.Like => 5,
        SwipeKind.Superlike => 7,
        SwipeKind.Dislike => -5,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of swipe."),
    };
}
