using Swiper.Core.Social;

namespace Swiper.Storage.Redis;

/// <summary>A swipe for the index.</summary>
/// <param name="Uid">The swiper.</param>
/// <param name="Sid">The swiped user.</param>
/// <param name="Kind">The kind of swipe.</param>
/// <param name="At">The time, in ms since the Unix epoch.</param>
internal readonly record struct IndexedSwipe(long Uid, long Sid, SwipeKind Kind, long At);

/// <summary>A user who likes another, as the index keeps it.</summary>
internal readonly record struct IndexedLiker(long Uid, SwipeKind Kind, long At);
