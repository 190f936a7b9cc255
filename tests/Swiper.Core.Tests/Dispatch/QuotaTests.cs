using Swiper.Core.Dispatch;

namespace Swiper.Core.Tests.Dispatch;

public sealed class QuotaTests
{
    private const long Start = 1_000_000;

    private static readonly QuotaLimits Limits = new(Reads: 60, Writes: 6, Swipes: 600, Searches: 1, UsersPerAddress: 3);

    [Fact]
    public void All_of_a_minute_may_come_at_once_and_then_one_at_a_time()
    {
        var quota = new Quota(Limits);
        for (var i = 0; i < 60; i++)
            Assert.True(quota.TryTake(RequestCost.Read, Start, out _));
        Assert.False(quota.TryTake(RequestCost.Read, Start, out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(1), retryAfter);
        Assert.False(quota.TryTake(RequestCost.Read, Start + 999, out retryAfter));
        Assert.Equal(TimeSpan.FromMilliseconds(1), retryAfter);
        Assert.True(quota.TryTake(RequestCost.Read, Start + 1000, out _));
        Assert.False(quota.TryTake(RequestCost.Read, Start + 1000, out _));
    }

    [Fact]
    public void What_was_refused_costs_nothing_and_a_pause_refills_no_more_than_a_minute()
    {
        var quota = new Quota(Limits);
        for (var i = 0; i < 1_000; i++)
            quota.TryTake(RequestCost.Write, Start, out _);
        Assert.True(quota.TryTake(RequestCost.Write, Start + 10_000, out _));
        for (var i = 0; i < 6; i++)
            Assert.True(quota.TryTake(RequestCost.Write, Start + 3_600_000, out _));
        Assert.False(quota.TryTake(RequestCost.Write, Start + 3_600_000, out _));
    }

    [Fact]
    public void Classes_have_quotas_of_their_own()
    {
        var quota = new Quota(Limits);
        Assert.True(quota.TryTake(RequestCost.Search, Start, out _));
        Assert.False(quota.TryTake(RequestCost.Search, Start, out _));
        Assert.True(quota.TryTake(RequestCost.Swipe, Start, out _));
        Assert.False(quota.IsFull(Start + 59_999));
        Assert.True(quota.IsFull(Start + 60_000));
    }

    [Fact]
    public void Threads_together_get_no_more_than_there_is()
    {
        var quota = new Quota(Limits, users: 100);
        var taken = 0;
        Parallel.For(0, 20_000, _ =>
        {
            if (quota.TryTake(RequestCost.Read, Start, out var _))
                Interlocked.Increment(ref taken);
        });
        Assert.Equal(6_000, taken);
    }

    [Fact]
    public void Only_quotas_from_which_something_is_missing_are_kept()
    {
        const int Users = 100_000;
        var quotas = new Quotas<long>(Limits, users: 1);
        quotas.Of(7, Start).TryTake(RequestCost.Search, Start, out _);
        for (var uid = 100; uid < Users; uid++)
            quotas.Of(uid, Start);
        Assert.InRange(quotas.Count, 1, 2_048);
        // Coming back does not refill it.
        Assert.False(quotas.Of(7, Start).TryTake(RequestCost.Search, Start, out _));
    }

    [Fact]
    public void Connections_of_a_user_share_one_and_those_of_an_address_another()
    {
        var registry = new SessionRegistry(Limits);
        var (first, second, other) = (new TestConnection().Session, new TestConnection().Session, new TestConnection().Session);
        registry.SignIn(first, new Identity(1, 1, long.MaxValue));
        registry.SignIn(second, new Identity(1, 2, long.MaxValue));
        registry.SignIn(other, new Identity(2, 3, long.MaxValue));
        Assert.True(first.TryTakeQuota(RequestCost.Search, out _, out _));
        Assert.False(second.TryTakeQuota(RequestCost.Search, out _, out var by));
        Assert.Equal(Throttle.User, by);
        Assert.True(other.TryTakeQuota(RequestCost.Search, out _, out by));
        registry.Remove(first);
        registry.Remove(second);
        registry.SignIn(first, new Identity(1, 1, long.MaxValue));
        Assert.False(first.TryTakeQuota(RequestCost.Search, out _, out by));

        // An address has those of three users.
        for (var uid = 3; uid <= 4; uid++)
        {
            registry.SignIn(other, new Identity(uid, 3, long.MaxValue));
            Assert.Equal(uid == 3, other.TryTakeQuota(RequestCost.Search, out _, out by));
        }
        Assert.Equal(Throttle.Address, by);
    }
}
