using System.Runtime.InteropServices;
using Swiper.Core.Social;

namespace Swiper.Storage.Redis;

/// <summary>What became of a swipe. The numbers are stored, as a part of <see cref="IndexedSwipe.Code"/>: they never change.</summary>
internal enum SwipeChange : byte
{
    /// <summary>It was made.</summary>
    Made,

    /// <summary>It was taken back: the swiped user loses the liker and the points.</summary>
    TakenBack,

    /// <summary>
    /// The swiped user has taken back the swipe that answered it: has swiped the swiper no longer, and finds a like among the likers
    /// again. A dislike stands for no swipe, too.
    /// </summary>
    Reopened,
}

/// <summary>A swipe for the index.</summary>
/// <param name="Uid">The swiper.</param>
/// <param name="Sid">The swiped user.</param>
/// <param name="Kind">The kind of swipe.</param>
/// <param name="At">The time, in ms since the Unix epoch.</param>
/// <param name="Change">What became of it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IndexedSwipe(long Uid, long Sid, SwipeKind Kind, long At, SwipeChange Change = SwipeChange.Made)
{
    private const int Kinds = 3;

    /// <summary>The greatest code.</summary>
    public const int LastCode = (int)SwipeKind.Dislike + Kinds * (int)SwipeChange.Reopened;

    /// <summary>Kind and change in one number from 1, as the journal stores it and scripts take it.</summary>
    public int Code => (int)Kind + Kinds * (int)Change;

    public static (SwipeKind Kind, SwipeChange Change) Decode(int code) =>
        ((SwipeKind)((code - 1) % Kinds + 1), (SwipeChange)((code - 1) / Kinds));
}

/// <summary>A user who likes another, as the index keeps it.</summary>
internal readonly record struct IndexedLiker(long Uid, SwipeKind Kind, long At);
