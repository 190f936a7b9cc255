using System.IO.Pipelines;
using System.Net;
using Swiper.Core.Dispatch;
using Swiper.Host.Limits;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Limits;

public sealed class AddressLimiterTests
{
    private const int MessagesAnHour = 120;

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void An_address_may_use_what_its_period_allows_and_is_then_told_when_to_come_back()
    {
        using var limiter = New(new() { CodesPerAddressPerHour = 3, SignInsPerAddressPerMinute = 1 });
        for (var i = 0; i < 3; i++)
            Assert.True(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out _));
        Assert.False(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    }

    [Fact]
    public void Addresses_and_kinds_are_counted_apart()
    {
        using var limiter = New(new() { CodesPerAddressPerHour = 1, SignInsPerAddressPerMinute = 1 });
        Assert.True(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out _));
        Assert.True(limiter.TryAcquire(From("192.0.2.2"), RateLimit.SendCode, out _));
        Assert.True(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SignIn, out _));
        Assert.False(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out _));
        Assert.False(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SignIn, out _));
    }

    [Fact]
    public void A_network_of_64_bits_is_one_address()
    {
        using var limiter = New(new() { SignInsPerAddressPerMinute = 2 });
        Assert.True(limiter.TryAcquire(From("2001:db8:0:1::1"), RateLimit.SignIn, out _));
        Assert.True(limiter.TryAcquire(From("2001:db8:0:1:ffff::2"), RateLimit.SignIn, out _));
        Assert.False(limiter.TryAcquire(From("2001:db8:0:1:abcd::3"), RateLimit.SignIn, out _));
        Assert.True(limiter.TryAcquire(From("2001:db8:0:2::1"), RateLimit.SignIn, out _));
    }

    [Fact]
    public void Asking_whether_there_is_room_counts_nothing()
    {
        using var limiter = New(new() { CodesPerAddressPerHour = 1 });
        for (var i = 0; i < 10; i++)
            Assert.True(limiter.HasRoom(From("192.0.2.1"), RateLimit.SendCode, out _));
        Assert.True(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out _));
        Assert.False(limiter.HasRoom(From("192.0.2.1"), RateLimit.SendCode, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Assert.True(limiter.HasRoom(From("192.0.2.2"), RateLimit.SendCode, out _));
    }

    [Fact]
    public void Connections_that_have_failed_share_a_tenth_and_the_others_have_the_rest()
    {
        using var limiter = New(new() { SignInsPerAddressPerMinute = 20 });
        var guesser = From("192.0.2.1");
        for (var failed = 0; failed < AddressLimiter.FreeFailures; failed++)
        {
            Assert.True(limiter.TryAcquire(guesser, RateLimit.SignIn, out _));
            guesser.NoteFailedSignIn();
        }
        Assert.True(limiter.TryAcquire(guesser, RateLimit.SignIn, out _));
        Assert.True(limiter.TryAcquire(guesser, RateLimit.Resume, out _));
        Assert.False(limiter.TryAcquire(guesser, RateLimit.SignIn, out _));
        Assert.False(limiter.TryAcquire(guesser, RateLimit.Resume, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        for (var other = 0; other < 20 - AddressLimiter.FreeFailures - 1; other++)
            Assert.True(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SignIn, out _));
    }

    [Fact]
    public void A_first_token_is_always_looked_at()
    {
        using var limiter = New(new() { SignInsPerAddressPerMinute = 1 });
        for (var other = 0; other < 100; other++)
            Assert.True(limiter.TryAcquire(From("192.0.2.1"), RateLimit.Resume, out _));
    }

    [Fact]
    public void Connections_that_have_caused_messages_share_a_tenth_of_them()
    {
        using var limiter = New(new() { CodesPerAddressPerHour = 20 });
        var flooder = From("192.0.2.1");
        var sent = 0;
        for (; limiter.TryAcquire(flooder, RateLimit.SendCode, out _); sent++)
            flooder.NoteCodeSent();
        Assert.Equal(AddressLimiter.FreeCodes + 2, sent);
        Assert.False(limiter.HasRoom(flooder, RateLimit.SendCode, out _));
        for (var other = sent; other < 20; other++)
        {
            Assert.True(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out _));
            limiter.NoteCodeUsed(From("192.0.2.1"));
        }
        Assert.False(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out _));
    }

    [Fact]
    public void Of_the_messages_that_nobody_logs_in_with_an_address_has_a_quarter_on_however_many_connections()
    {
        using var limiter = New(new());
        Assert.Equal(MessagesAnHour / 4, AskOnNewConnections(limiter, "192.0.2.1"));
        Assert.False(limiter.HasRoom(From("192.0.2.1"), RateLimit.SendCode, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1) / MessagesAnHour);
        Assert.True(limiter.HasRoom(From("192.0.2.2"), RateLimit.SendCode, out _));
        // Then it has what the hour brings, but never all at once what it has not used.
        _clock.Advance(retryAfter);
        Assert.Equal(1, AskOnNewConnections(limiter, "192.0.2.1"));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(MessagesAnHour / 4, AskOnNewConnections(limiter, "192.0.2.1"));
    }

    [Fact]
    public void Whoever_logs_in_at_an_address_that_only_asked_makes_room_for_the_neighbours()
    {
        using var limiter = New(new());
        AskOnNewConnections(limiter, "192.0.2.1");
        _clock.Advance(TimeSpan.FromHours(1) / MessagesAnHour);
        var people = 0;
        for (; limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out _); people++)
            limiter.NoteCodeUsed(From("192.0.2.1"));
        Assert.Equal(MessagesAnHour - (MessagesAnHour / 4), people);
    }

    [Fact]
    public void Where_all_log_in_an_address_has_all_its_messages()
    {
        using var limiter = New(new());
        var sent = 0;
        for (; limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out _); sent++)
            limiter.NoteCodeUsed(From("192.0.2.1"));
        Assert.Equal(MessagesAnHour, sent);
    }

    [Fact]
    public void What_is_given_back_is_never_more_than_was_taken()
    {
        using var limiter = New(new());
        for (var login = 0; login < 100; login++)
            limiter.NoteCodeUsed(From("192.0.2.1"));
        Assert.True(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out _));
        for (var login = 0; login < 100; login++)
            limiter.NoteCodeUsed(From("192.0.2.1"));
        Assert.Equal(MessagesAnHour / 4, AskOnNewConnections(limiter, "192.0.2.1"));
    }

    [Fact]
    public void The_limits_can_be_lifted()
    {
        using var limiter = New(new() { CodesPerAddressPerHour = 1, LiftRateLimits = true });
        for (var i = 0; i < 100; i++)
            Assert.True(limiter.TryAcquire(From("192.0.2.1"), RateLimit.SendCode, out _));
        Assert.True(limiter.HasRoom(From("192.0.2.1"), RateLimit.SendCode, out _));
    }

    private AddressLimiter New(AccountOptions options) => new(options, _clock);

    // A new connection for every three, until one is refused.
    private static int AskOnNewConnections(AddressLimiter limiter, string address)
    {
        for (var sent = 0; ;)
        {
            var connection = From(address);
            for (var asked = 0; asked < AddressLimiter.FreeCodes; asked++, sent++)
            {
                if (!limiter.TryAcquire(connection, RateLimit.SendCode, out _))
                    return sent;
                connection.NoteCodeSent();
            }
        }
    }

    // A new connection.
    private static Session From(string address) => new(
        "connection", new IPEndPoint(IPAddress.Parse(address), 1234), new FrameOutput(new Pipe().Writer, 1000, static () => { }), 1);
}
