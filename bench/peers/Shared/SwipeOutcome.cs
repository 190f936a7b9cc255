namespace Swiper.Peers;

/// <summary>What a swipe answers.</summary>
/// <param name="Matched">The other side likes back.</param>
/// <param name="Repeated">It was made before; <paramref name="Matched"/> is what it answered then.</param>
internal readonly record struct SwipeOutcome(bool Matched, bool Repeated);
