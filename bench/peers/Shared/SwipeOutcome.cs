namespace Swiper.Peers;

/// <summary>The result of a swipe.</summary>
/// <param name="Matched">The other side likes back.</param>
/// <param name="Repeated">The pair was swiped before; <paramref name="Matched"/> is the result of that swipe.</param>
internal readonly record struct SwipeOutcome(bool Matched, bool Repeated);
