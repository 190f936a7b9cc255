using Dapper;
using Swiper.Core.Friends;
using Swiper.Storage.Records;

namespace Swiper.Storage.Friends;

/// <summary>Friendships: one row with each of the two friends.</summary>
internal sealed class FriendRepository(IRecords records) : IFriendRepository
{
    public ValueTask<bool> AreFriendsAsync(long uid, long other) => records.ReadAsync(uid, connection =>
        connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM friends WHERE uid = @uid AND fid = @other)", new { uid, other }));
}
