using Swiper.Core.Friends;

namespace Swiper.Storage.Embedded.Friends;

/// <summary>Friendships of the embedded engine.</summary>
internal sealed class EmbeddedFriendRepository(EmbeddedEngine engine) : IFriendRepository
{
    public ValueTask<bool> AreFriendsAsync(long uid, long other) => new(engine.ShardOf(uid).ReadAsync(
        (Uid: uid, Other: other), static (reader, pair) =>
        {
            reader.AreFriends.Bind(1, pair.Uid);
            reader.AreFriends.Bind(2, pair.Other);
            return reader.AreFriends.Step();
        }));
}
