using System.Globalization;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Ranking;
using Swiper.Core.Social;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>The rules of decks, swipes and boards that a client shows or relies on, with the numbers of the code.</summary>
internal static class ProductRules
{
    public static IReadOnlyList<(string What, string Rule)> Rows { get; } =
    [
        ("points for the swiped user",
            $"like {PointsFor(SwipeKind.Like)}, superlike {PointsFor(SwipeKind.Superlike)}, dislike {PointsFor(SwipeKind.Dislike)}"),
        ("likes a day", string.Create(
            CultureInfo.InvariantCulture,
            $"{SwipeRules.LikesADay} without the permission `unlimited_likes`, superlikes and dislikes apart; a day ends at 00:00 UTC")),
        ("rewinds", string.Create(
            CultureInfo.InvariantCulture,
            $"{SwipeRules.RewindsADay} a day, each at most {SwipeRules.RewindWithin.TotalMinutes} minutes after the swipe")),
        ("order of a board", "by the sum of points; of equal sums, the one reached first; a sum of 0 has no rank"),
        ("boards", "\"all\" counts all swipes, \"day\" those of the current UTC day, \"week\" those since Monday 00:00 UTC"),
        ("people in `top`", $"{TopRequest.DefaultN} by default, at most {TopRequest.MaxN}"),
        ("people in `around`", $"{AroundRequest.DefaultN} by default, at most {AroundRequest.MaxN}"),
        ("people in a `deck`",
            $"{DeckRequest.DefaultCount} by default, at most {DeckRequest.MaxCount}; fewer if their texts would not fit a frame"),
        ("a VIP level",
            "counts until right before its end. Days of the same level are added to its end; a higher level replaces a lower one, whose "
            + "rest is lost"),
        ("order of a `deck`",
            "superlikers first, in their order; then by score, the sum of what follows; of equal scores, by luck. `why` shows the parts"),
        ("hot, in a score",
            $"{DeckScore.MostHot / 2} + {DeckScore.MostHot / 2} * points / (points + 50, of points below zero 50 - points), of the points "
            + "of the board \"all\"; a cluster reads these every five minutes"),
        ("active, in a score",
            $"{DeckScore.MostActive} for somebody who has signed in, asked for a deck or swiped on the current UTC day; else half of it "
            + "for each three days from then to its beginning, by whole hours"),
        ("near, in a score", $"{DeckScore.MostNear} * 10 / (9 + `km`); 0 if `km` is nil"),
        ("luck, in a score", $"0 to {DeckScore.MostLuck}, drawn anew for each two people every UTC day"),
        ("turns in a `deck`",
            $"if there are more people than places, every {DeckRules.TurnEvery}th place is for somebody who is active and was not shown "
            + "to anybody on the current UTC day, if there is such a person; they stay on the user's decks of the day until "
            + "they are swiped, and only the last of these places goes to the next person"),
        ("who is compared", $"the nearest {DeckRules.LeastPool} people whom a search meets, or {DeckRules.PoolForEach} for each place"),
        ("likes in a page of `liked_me`", $"{LikedMeRequest.DefaultLimit} by default, at most {LikedMeRequest.MaxLimit}"),
        ("people in a page of `friends`, `common_friends` and `blocked`",
            $"{PageRequest.DefaultLimit} by default, at most {PageRequest.MaxLimit}; fewer if their texts would not fit a frame"),
        ("a cursor", $"leads only the user whom it was sent into that list, for {IPageCursors.Lifetime.TotalHours:0} hours"),
        ("reports that take a user out of decks",
            $"of {ReportRules.Reporters} different users within {ReportRules.CountsMs / 3_600_000} hours, until the staff decide"),
        ("users whom one may `report`", $"{ReportRules.MostADay} a UTC day"),
        ("`km` in a deck",
            "from the user's own place to the other's, which is moved to the nearest point of a grid of about a kilometre; whole "
            + "kilometres, rounded up, at least 1; nil if either place is not set"),
    ];

    private static string PointsFor(SwipeKind kind) => Points.For(kind).ToString("+0;-0", CultureInfo.InvariantCulture);
}
