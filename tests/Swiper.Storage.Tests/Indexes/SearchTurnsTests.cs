using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public sealed class SearchTurnsTests
{
    [Fact]
    public async Task Whoever_has_left_before_asking_has_no_turn()
    {
        var turns = new SearchTurns(atOnce: 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turns.BeginAsync(1, new CancellationToken(canceled: true)));
        Assert.True(turns.BeginAsync(1, TestContext.Current.CancellationToken).IsCompletedSuccessfully);
    }

    [Fact]
    public void One_search_of_each_user_runs_at_a_time()
    {
        var turns = new SearchTurns(atOnce: 3);
        Assert.True(turns.BeginAsync(1, CancellationToken.None).IsCompleted);
        var second = turns.BeginAsync(1, CancellationToken.None);
        Assert.False(second.IsCompleted);
        Assert.True(turns.BeginAsync(2, CancellationToken.None).IsCompleted);

        turns.End(1);
        Assert.True(second.IsCompleted);
    }

    [Fact]
    public void Those_that_wait_are_served_by_turns_of_users_not_of_searches()
    {
        const int Asked = 100;
        var turns = new SearchTurns(atOnce: 1);
        Assert.True(turns.BeginAsync(1, CancellationToken.None).IsCompleted);
        var greedy = Enumerable.Range(0, Asked).Select(_ => turns.BeginAsync(1, CancellationToken.None)).ToArray();
        var modest = turns.BeginAsync(2, CancellationToken.None);
        var other = turns.BeginAsync(3, CancellationToken.None);

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
        Assert.True(turns.BeginAsync(4, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void Those_that_nobody_waits_for_any_more_have_no_turn()
    {
        using var gone = new CancellationTokenSource();
        using var alsoGone = new CancellationTokenSource();
        var turns = new SearchTurns(atOnce: 1);
        Assert.True(turns.BeginAsync(1, gone.Token).IsCompleted);
        var left = Enumerable.Range(0, 10).Select(_ => turns.BeginAsync(1, gone.Token)).ToArray();
        var back = turns.BeginAsync(1, CancellationToken.None);
        var other = turns.BeginAsync(2, alsoGone.Token);
        var last = turns.BeginAsync(3, CancellationToken.None);
        gone.Cancel();
        alsoGone.Cancel();

        turns.End(1);
        Assert.All(left, search => Assert.True(search.IsCanceled));
        Assert.True(other.IsCanceled);
        Assert.True(last.IsCompletedSuccessfully);
        turns.End(3);
        Assert.True(back.IsCompletedSuccessfully);
        turns.End(1);
        Assert.True(turns.BeginAsync(2, CancellationToken.None).IsCompleted);
    }
}
