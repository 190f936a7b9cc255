using Swiper.Core.Dispatch;

namespace Swiper.Core.Tests.Dispatch;

public sealed class UserShareTests
{
    private static readonly int Limit = UserShare.Of(RequestCost.Read);

    private readonly UserShare _share = new(new HostReads());

    [Fact]
    public void Each_class_has_room_of_its_own()
    {
        for (var i = 0; i < Limit; i++)
        {
            Assert.True(_share.HasRoom(RequestCost.Read));
            _share.Begin(RequestCost.Read);
        }
        Assert.False(_share.HasRoom(RequestCost.Read));
        Assert.True(_share.HasRoom(RequestCost.Write));
        Assert.True(_share.HasRoom(RequestCost.Memory));

        _share.End(RequestCost.Read);
        Assert.True(_share.HasRoom(RequestCost.Read));
    }

    [Fact]
    public void Loops_that_wait_are_woken_in_their_order_and_only_as_many_as_there_is_room_for()
    {
        Fill();
        var waiting = Enumerable.Range(0, 10).Select(_ => _share.WhenRoomAsync(RequestCost.Read, new LoopSignal())).ToArray();
        for (var left = Limit - 1; left > Limit / 2; left--)
            _share.End(RequestCost.Read);
        Assert.DoesNotContain(waiting, turn => turn.IsCompleted);

        _share.End(RequestCost.Read);
        Assert.Equal(Enumerable.Range(0, Limit - Limit / 2), Woken());

        int[] Woken() => [.. Enumerable.Range(0, waiting.Length).Where(index => waiting[index].IsCompleted)];
    }

    [Fact]
    public void Whoever_has_gone_passes_the_turn_on()
    {
        Fill();
        var waiting = Enumerable.Range(0, 3 * Limit).Select(_ => _share.WhenRoomAsync(RequestCost.Read, new LoopSignal())).ToArray();
        for (var i = 0; i < Limit; i++)
            _share.End(RequestCost.Read);
        // Nothing runs any more that could end, and none of those woken begins anything.
        var rounds = 0;
        while (waiting.Any(turn => !turn.IsCompleted))
        {
            _share.Wake(RequestCost.Read);
            Assert.True(++rounds < waiting.Length);
        }
    }

    [Fact]
    public async Task A_loop_that_begins_to_wait_when_all_has_ended_does_not()
    {
        await _share.WhenRoomAsync(RequestCost.Read, new LoopSignal());
    }

    [Fact]
    public void Where_reads_of_all_users_crowd_each_has_one_so_that_they_are_served_by_turns_of_users()
    {
        var host = new HostReads();
        UserShare[] others = [.. Enumerable.Range(0, HostReads.Crowd).Select(_ => new UserShare(host))];
        var greedy = new UserShare(host);
        Assert.All(others, other => other.Begin(RequestCost.Read));
        Assert.True(greedy.HasRoom(RequestCost.Read));
        greedy.Begin(RequestCost.Read);
        Assert.False(greedy.HasRoom(RequestCost.Read));
        Assert.All(others, other => Assert.False(other.HasRoom(RequestCost.Read)));
        // Only reads wait for each other.
        greedy.Begin(RequestCost.Search);
        Assert.True(greedy.HasRoom(RequestCost.Search));

        // It is the end of the user's own read that gives a turn, one at a time.
        var turns = Enumerable.Range(0, 3).Select(_ => greedy.WhenRoomAsync(RequestCost.Read, new LoopSignal())).ToArray();
        Assert.DoesNotContain(turns, turn => turn.IsCompleted);
        greedy.End(RequestCost.Read);
        Assert.Equal([true, false, false], turns.Select(turn => turn.IsCompleted));
        greedy.Begin(RequestCost.Read);

        Assert.All(others, other => other.End(RequestCost.Read));
        Assert.True(greedy.HasRoom(RequestCost.Read));
        greedy.End(RequestCost.Read);
        Assert.All(turns, turn => Assert.True(turn.IsCompleted));
    }

    [Fact]
    public void All_connections_of_a_user_have_one_share_and_other_users_have_theirs()
    {
        var registry = new SessionRegistry();
        var (first, second, other) = (new TestConnection().Session, new TestConnection().Session, new TestConnection().Session);
        registry.SignIn(first, new Identity(1, 1, long.MaxValue));
        registry.SignIn(second, new Identity(1, 2, long.MaxValue));
        registry.SignIn(other, new Identity(2, 3, long.MaxValue));
        Assert.NotNull(first.Share);
        Assert.Same(first.Share, second.Share);
        Assert.NotSame(first.Share, other.Share);
    }

    private void Fill()
    {
        for (var i = 0; i < Limit; i++)
            _share.Begin(RequestCost.Read);
    }
}
