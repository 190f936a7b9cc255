using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public sealed class SearchTurnsTests
{
    [Fact]
    public void One_search_of_each_user_runs_at_a_time()
    {
        var turns = new SearchTurns(atOnce: 3);
        Assert.True(turns.BeginAsync(1).IsCompleted);
        var second = turns.BeginAsync(1);
        Assert.False(second.IsCompleted);
        Assert.True(turns.BeginAsync(2).IsCompleted);

        turns.End(1);
        Assert.True(second.IsCompleted);
    }

    [Fact]
    public void Those_that_wait_are_served_by_turns_of_users_not_of_searches()
    {
        const int Asked = 100;
        var turns = new SearchTurns(atOnce: 1);
        Assert.True(turns.BeginAsync(1).IsCompleted);
        var greedy = Enumerable.Range(0, Asked).Select(_ => turns.BeginAsync(1)).ToArray();
        var modest = turns.BeginAsync(2);
        var other = turns.BeginAsync(3);

        // Who has had a turn is behind all who have not.
        turns.End(1);
        Assert.True(modest.IsCompleted);
        turns.End(2);
        Assert.True(other.IsCompleted);
        for (var ended = 0; ended < Asked; ended++)
        {
            turns.End(ended == 0 ? 3 : 1);
            Assert.Equal(ended + 1, greedy.Count(search => search.IsCompleted));
        }
        turns.End(1);
        Assert.True(turns.BeginAsync(4).IsCompleted);
    }
}
