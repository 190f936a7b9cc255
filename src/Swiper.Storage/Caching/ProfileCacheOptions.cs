namespace Swiper.Storage.Caching;

/// <param name="Capacity">Profiles kept at most, give or take those being added at the same instant.</param>
/// <param name="Lifetime">
/// A profile is loaded again after half to the whole of this, should a change made elsewhere not have been heard of; null where
/// nobody else makes changes.
/// </param>
internal sealed record ProfileCacheOptions(int Capacity, TimeSpan? Lifetime = null);
