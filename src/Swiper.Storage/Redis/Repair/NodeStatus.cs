namespace Swiper.Storage.Redis.Repair;

/// <summary>The state of a Redis server's groups, as bit masks.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Groups">The groups that live on it.</param>
/// <param name="Trusted">Those built on the process that answered; null if none answered.</param>
/// <param name="Mending">Those being rebuilt.</param>
internal sealed record NodeStatus(string Node, ulong Groups, ulong? Trusted, ulong Mending);
