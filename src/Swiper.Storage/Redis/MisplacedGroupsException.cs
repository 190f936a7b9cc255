namespace Swiper.Storage.Redis;

/// <summary>Groups were not on the server that was asked: the cluster is moving slots, which takes a moment to settle.</summary>
internal sealed class MisplacedGroupsException(ulong groups)
    : Exception($"Index groups {groups:x} (a bit mask) are no longer on the server that was asked.");
