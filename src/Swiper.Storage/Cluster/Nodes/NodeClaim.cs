namespace Swiper.Storage.Cluster.Nodes;

/// <summary>A number that is one host's own among all that run.</summary>
/// <param name="Node">0 to 1023: part of every uid and batch id that the host makes.</param>
/// <param name="Epoch">
/// Grows with every claim of the number, so that a former holder that comes back late can be told from the present one.
/// </param>
/// <param name="NotBeforeMs">Until when the former holder may have made ids; this one's are to be newer.</param>
internal sealed record NodeClaim(int Node, long Epoch, long NotBeforeMs);
