namespace Swiper.Core.Friends;

/// <summary>Who has matched with whom.</summary>
public interface IFriendRepository
{
    ValueTask<bool> AreFriendsAsync(long uid, long other);
}
