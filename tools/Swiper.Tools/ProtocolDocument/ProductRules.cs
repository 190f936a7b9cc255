using System.Globalization;
using Swiper.Core.Ranking;
using Swiper.Core.Social;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>The rules of decks, swipes and boards that a client shows or relies on, with the numbers of the code.</summary>
internal static class ProductRules
{
    public static IReadOnlyList<(string What, string Rule)> Rows { get; } =
    [
        ("points to the one who is swiped",
            $"like {PointsFor(SwipeKind.Like)}, superlike {PointsFor(SwipeKind.Superlike)}, dislike {PointsFor(SwipeKind.Dislike)}"),
        ("order of a board", "by the sum of points; of equal sums whoever reached theirs first; a sum of 0 has no rank"),
        ("boards", "\"all\" counts all swipes, \"day\" those of this day of UTC, \"week\" those since Monday 00:00 UTC"),
        ("people of `top`", $"{TopRequest.DefaultN}, at most {TopRequest.MaxN}"),
        ("people of `around`", $"{AroundRequest.DefaultN}, at most {AroundRequest.MaxN}"),
        ("people of a `deck`",
            $"{DeckRequest.DefaultCount}, at most {DeckRequest.MaxCount}; fewer where their texts would not fit a frame"),
        ("likes of a page of `liked_me`", $"{LikedMeRequest.DefaultLimit}, at most {LikedMeRequest.MaxLimit}"),
        ("`km` of a deck",
            "from my own place to the other's, which is moved to the nearest point of a grid with about a kilometre between points; "
            + "whole kilometres, rounded up, at least 1; nil where either place is not known"),
    ];

    private static string PointsFor(SwipeKind kind) => Points.For(kind).ToString("+0;-0", CultureInfo.InvariantCulture);
}
