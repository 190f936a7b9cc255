using Swiper.Core.Protocol;

namespace Swiper.Core.Social;

/// <summary>Records decisions and finds matches.</summary>
public interface ISwipeRepository
{
    /// <summary>
    /// Records that <paramref name="uid"/> swiped <paramref name="sid"/>, durably, with all that follows from it: score, likers, and
    /// where both like each other a friendship and a push to both. Of two likes made at the same instant exactly one is the match.
    /// The same kind again answers the first outcome with <see cref="SwipeReply.Repeated"/>; another kind is
    /// <see cref="StatusCode.RepeatSwipe"/>; an unknown uid is <see cref="StatusCode.NoSuchUser"/>.
    /// One user's swipes and rewinds take effect in the order of the calls.
    /// </summary>
    /// <param name="uid">Who swipes.</param>
    /// <param name="sid">Who is swiped.</param>
    /// <param name="kind">How.</param>
    /// <param name="at">When.</param>
    /// <param name="mostLikes">
    /// How many likes the user may make on that day; a new like beyond them is <see cref="StatusCode.LikeQuota"/>. Exact, whoever else
    /// swipes for the user at the same time. All likes of the day count, also those that were made without a limit.
    /// </param>
    ValueTask<Outcome<SwipeReply>> SwipeAsync(long uid, long sid, SwipeKind kind, long at, int mostLikes = int.MaxValue);

    /// <summary>
    /// Takes back the user's last swipe that stands, durably, and what it led to: points, the place among the other's likers, the like of
    /// its day, and a friendship, which ends for both. It is as if the swipe had not been made, but that the other user, who had been told
    /// of a match, is told of its end. <see cref="SwipeRules.CheckRewind"/> says what is refused.
    /// </summary>
    /// <param name="uid">Who rewinds.</param>
    /// <param name="at">When.</param>
    ValueTask<Outcome<RewindReply>> RewindAsync(long uid, long at);

    /// <summary>What the user has used of a day.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="day">From <see cref="WireTime.DayNumber"/>.</param>
    ValueTask<DayUse> ReadUseAsync(long uid, int day);
}

/// <param name="Likes">Likes that stand; superlikes don't count.</param>
/// <param name="Rewinds">Rewinds made.</param>
public readonly record struct DayUse(int Likes, int Rewinds);
