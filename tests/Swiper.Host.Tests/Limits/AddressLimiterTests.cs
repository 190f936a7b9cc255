using Swiper.Core.Dispatch;
using Swiper.Host.Limits;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Limits;

public sealed class AddressLimiterTests
{
    [Fact]
    public void An_address_may_use_what_its_period_allows_and_is_then_told_when_to_come_back()
    {
        using var limiter = new AddressLimiter(new AccountOptions { CodesPerAddressPerHour = 3, SignInsPerAddressPerMinute = 1 });
        for (var i = 0; i < 3; i++)
            Assert.True(limiter.TryAcquire("192.0.2.1", RateLimit.SendCode, out _));
        Assert.False(limiter.TryAcquire("192.0.2.1", RateLimit.SendCode, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    }

    [Fact]
    public void Addresses_and_kinds_are_counted_apart()
    {
        using var limiter = new AddressLimiter(new AccountOptions { CodesPerAddressPerHour = 1, SignInsPerAddressPerMinute = 1 });
        Assert.True(limiter.TryAcquire("192.0.2.1", RateLimit.SendCode, out _));
        Assert.True(limiter.TryAcquire("192.0.2.2", RateLimit.SendCode, out _));
        Assert.True(limiter.TryAcquire("192.0.2.1", RateLimit.SignIn, out _));
        Assert.False(limiter.TryAcquire("192.0.2.1", RateLimit.SendCode, out _));
        Assert.False(limiter.TryAcquire("192.0.2.1", RateLimit.SignIn, out _));
    }

    [Fact]
    public void Asking_whether_there_is_room_counts_nothing()
    {
        using var limiter = new AddressLimiter(new AccountOptions { CodesPerAddressPerHour = 1 });
        for (var i = 0; i < 10; i++)
            Assert.True(limiter.HasRoom("192.0.2.1", RateLimit.SendCode, out _));
        Assert.True(limiter.TryAcquire("192.0.2.1", RateLimit.SendCode, out _));
        Assert.False(limiter.HasRoom("192.0.2.1", RateLimit.SendCode, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Assert.True(limiter.HasRoom("192.0.2.2", RateLimit.SendCode, out _));
    }

    [Fact]
    public void The_limits_can_be_lifted()
    {
        using var limiter = new AddressLimiter(new AccountOptions { CodesPerAddressPerHour = 1, LiftRateLimits = true });
        for (var i = 0; i < 100; i++)
            Assert.True(limiter.TryAcquire("192.0.2.1", RateLimit.SendCode, out _));
        Assert.True(limiter.HasRoom("192.0.2.1", RateLimit.SendCode, out _));
    }
}
