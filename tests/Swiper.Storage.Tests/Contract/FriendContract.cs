using Swiper.Core.Friends;
using Swiper.Core.Social;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IFriendRepository"/> promises.</summary>
public abstract class FriendContract : EngineContract
{
    [Fact]
    public async Task Those_who_matched_are_friends_both_ways_and_nobody_else_is_also_for_a_new_engine()
    {
        var people = await NewPeopleAsync(4);
        await SwipeAsync(people[0], people[1]);
        await SwipeAsync(people[1], people[0], SwipeKind.Superlike);
        await SwipeAsync(people[0], people[2]);
        await SwipeAsync(people[3], people[0], SwipeKind.Dislike);
        await SwipeAsync(people[0], people[3]);

        await AssertFriendsAsync();
        await ReopenAsync();
        await AssertFriendsAsync();

        async Task AssertFriendsAsync()
        {
            for (var me = 0; me < people.Length; me++)
            {
                for (var other = 0; other < people.Length; other++)
                    Assert.Equal(me + other == 1, await Engine.Friends.AreFriendsAsync(people[me], people[other]));
            }
            Assert.False(await Engine.Friends.AreFriendsAsync(people[0], Engine.NewUid()));
            Assert.False(await Engine.Friends.AreFriendsAsync(Engine.NewUid(), people[0]));
        }
    }
}
