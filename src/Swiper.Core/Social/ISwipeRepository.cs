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
    /// One user's swipes take effect in the order of the calls.
    /// </summary>
    ValueTask<Outcome<SwipeReply>> SwipeAsync(long uid, long sid, SwipeKind kind, long at);
}
