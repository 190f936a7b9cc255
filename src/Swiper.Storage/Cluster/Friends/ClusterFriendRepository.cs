using Dapper;
using Swiper.Core.Friends;

namespace Swiper.Storage.Cluster.Friends;

/// <summary>Friendships of the cluster.</summary>
internal sealed class ClusterFriendRepository(ClusterEngine engine) : IFriendRepository
{
    public ValueTask<bool> AreFriendsAsync(long uid, long other) => engine.ShardOf(uid).ReadAsync(
        (Uid: uid, Other: other),
        static (connection, pair) => connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM friends WHERE uid = @uid AND fid = @other)", new { uid = pair.Uid, other = pair.Other }));
}
