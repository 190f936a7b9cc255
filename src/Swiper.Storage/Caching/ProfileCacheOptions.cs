namespace Swiper.Storage.Caching;

/// <param name="Capacity">The most profiles kept, give or take those being added concurrently.</param>
/// <param name="Lifetime">
/// A profile is reloaded after half to all of this, in case a change made elsewhere was missed; null if nobody else makes changes.
/// </param>
internal sealed record ProfileCacheOptions(int Capacity, TimeSpan? Lifetime = null);
