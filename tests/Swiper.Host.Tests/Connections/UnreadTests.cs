using Swiper.Host.Connections;
using Swiper.Host.Transport;

namespace Swiper.Host.Tests.Connections;

/// <summary>What is made of the kernel's answers, whenever they come.</summary>
public sealed class UnreadTests
{
    private const long Interval = 100;

    private Unread _unread;

    [Fact]
    public void The_kernel_is_asked_only_for_those_that_were_sent_something_and_a_while_later()
    {
        Assert.False(_unread.IsDue(flushes: 0, now: 1_000, Interval));
        Assert.False(_unread.IsDue(flushes: 1, now: 2_000, Interval));
        Assert.False(_unread.IsDue(flushes: 1, now: 2_099, Interval));
        Assert.True(_unread.IsDue(flushes: 1, now: 2_100, Interval));
        _unread.Note(default, now: 2_100, Interval);
        Assert.False(_unread.IsDue(flushes: 1, now: 9_000, Interval));
    }

    [Fact]
    public void What_was_sent_since_the_kernel_was_to_be_asked_is_asked_for_again()
    {
        Assert.False(_unread.IsDue(flushes: 1, now: 1_000, Interval));
        Assert.True(_unread.IsDue(flushes: 2, now: 1_100, Interval));
        _unread.Note(default, now: 1_100, Interval);
        Assert.False(_unread.IsDue(flushes: 2, now: 1_200, Interval));
        Assert.True(_unread.IsDue(flushes: 2, now: 1_300, Interval));
    }

    [Fact]
    public void A_client_that_takes_nothing_is_late_from_when_that_was_first_seen_however_much_comes_on_top()
    {
        Note(unread: 500, taken: 10, now: 1_000);
        Assert.Equal((1_000, 0), (_unread.Since, _unread.Bytes));
        Note(unread: 520, taken: 10, now: 1_100);
        Note(unread: 540, taken: 10, now: 1_200);
        Assert.Equal((1_000, 540), (_unread.Since, _unread.Bytes));
    }

    [Fact]
    public void A_client_that_takes_anything_is_not_late_however_much_is_left()
    {
        for (var now = 1_000; now < 9_000; now += 100)
        {
            Note(unread: 500, taken: (ulong)now, now);
            Assert.Equal((now, 0), (_unread.Since, _unread.Bytes));
        }
        Note(unread: 0, taken: 0, now: 9_000);
        Assert.Equal((long.MaxValue, 0), (_unread.Since, _unread.Bytes));
    }

    [Fact]
    public void While_anything_is_unread_the_kernel_is_asked_again_and_again()
    {
        Assert.False(_unread.IsDue(flushes: 1, now: 1_000, Interval));
        for (var now = 1_100; now < 2_000; now += 100)
        {
            Assert.True(_unread.IsDue(flushes: 1, now, Interval));
            Note(unread: 500, taken: 10, now);
        }
    }

    private void Note(int unread, ulong taken, long now) => _unread.Note(new SendQueue(unread, taken), now, Interval);
}
