namespace Swiper.Storage.Redis;

/// <summary>Groups were not on the server that was asked: a cluster is moving slots and takes a moment to agree.</summary>
internal sealed class MisplacedGroupsException(ulong groups)
    : Exception($"Index groups {groups:x} (a bit mask) are no longer on the server that was asked.");
