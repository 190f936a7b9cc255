using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>
/// The 64 groups of users, <c>uid mod 64</c>. Every key carries its group as a hash tag, so a group's keys live on one server and change
/// in one script. The count is part of every stored key and never changes.
/// </summary>
internal static class UserGroups
{
    public const int Count = 64;

    /// <summary>All groups; a set of groups is a bit mask.</summary>
    public const ulong All = ulong.MaxValue;

    private static readonly RedisKey[] IndexKeys = [.. Enumerable.Range(0, Count).Select(group => (RedisKey)$"{{{group}}}:index")];

    public static int Of(long uid) => (int)(uid & (Count - 1));

    public static ulong BitOf(long uid) => 1UL << Of(uid);

    /// <summary>A key of the group, which routes a call to the group's server.</summary>
    public static RedisKey KeyOf(int group) => IndexKeys[group];
}
