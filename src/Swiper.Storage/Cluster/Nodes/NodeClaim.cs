namespace Swiper.Storage.Cluster.Nodes;

/// <summary>A node number, unique among the running hosts.</summary>
/// <param name="Node">0 to 1023: part of every batch id that the host generates.</param>
/// <param name="Epoch">
/// Grows with every claim of the number, so that a former holder that comes back late is distinguished from the current one.
/// </param>
/// <param name="NotBeforeMs">The former holder may have generated ids up to then; this one's must be newer.</param>
internal sealed record NodeClaim(int Node, long Epoch, long NotBeforeMs);
