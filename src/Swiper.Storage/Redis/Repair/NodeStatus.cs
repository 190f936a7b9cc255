namespace Swiper.Storage.Redis.Repair;

/// <summary>A Redis server's groups, a bit each.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Groups">Those that live on it.</param>
/// <param name="Trusted">Those built on the process that answered; null where none did.</param>
/// <param name="Mending">Those that are being rebuilt.</param>
internal sealed record NodeStatus(string Node, ulong Groups, ulong? Trusted, ulong Mending);
