using Swiper.Core.Social;

namespace Swiper.Storage.Redis;

/// <summary>A swipe as the index needs it.</summary>
/// <param name="Uid">Who swiped.</param>
/// <param name="Sid">Who was swiped.</param>
/// <param name="Kind">How.</param>
/// <param name="At">When, in ms since the Unix epoch.</param>
internal readonly record struct IndexedSwipe(long Uid, long Sid, SwipeKind Kind, long At);
