namespace Swiper.Storage.Cluster.Repair;

/// <summary>How much of the index was compared with the truth.</summary>
/// <param name="Compared">Users compared.</param>
/// <param name="Untrusted">
/// Users whose group of the index is untrusted and about to be rebuilt: there was nothing to compare.
/// </param>
/// <param name="Mended">There were differences, and all of them were rebuilt.</param>
public readonly record struct Comparison(long Compared, long Untrusted, bool Mended);
