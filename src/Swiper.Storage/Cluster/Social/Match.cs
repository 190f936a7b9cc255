namespace Swiper.Storage.Cluster.Social;

/// <param name="Completer">The user whose swipe completed the match.</param>
/// <param name="Since">When.</param>
internal readonly record struct Match(long Completer, long Since);
