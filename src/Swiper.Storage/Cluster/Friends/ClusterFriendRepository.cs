using Swiper.Core.Friends;

namespace Swiper.Storage.Cluster.Friends;

/// <summary>Friendships of the cluster.</summary>
internal sealed class ClusterFriendRepository(ClusterEngine engine) : IFriendRepository
{
    public ValueTask<bool> AreFriendsAsync(long uid, long other) => engine.ShardOf(uid).ReadAsync(
        (Uid: uid, Other: other),
        static (connection, pair) => connection.ScalarInt64("SELECT 1 FROM friends WHERE uid = @p0 AND fid = @p1", pair.Uid, pair.Other) is not null);
}
