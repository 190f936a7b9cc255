using Swiper.Storage.Records;

namespace Swiper.Storage.Tests.Records;

/// <summary>How old the oldest follow-up is, of which only the id is known.</summary>
public sealed class FollowUpBacklogTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly FollowUpBacklog _backlog;

    public FollowUpBacklogTests() => _backlog = new FollowUpBacklog(_clock);

    [Fact]
    public void Nothing_that_waits_has_no_age()
    {
        Assert.Equal((0, TimeSpan.Zero), (_backlog.Pending, _backlog.Oldest));
        Saw(2, first: 3, last: 4);
        Pass(10);
        Saw(0, first: 0, last: 0);

        Assert.Equal((0, TimeSpan.Zero), (_backlog.Pending, _backlog.Oldest));
    }

    [Fact]
    public void One_that_stays_grows_old_whatever_comes_after_it()
    {
        Saw(1, first: 7, last: 7);
        for (var last = 8; last <= 20; last++)
        {
            Pass(5);
            Saw(last - 6, first: 7, last);
        }

        Assert.Equal((14, TimeSpan.FromSeconds(65)), (_backlog.Pending, _backlog.Oldest));
    }

    [Fact]
    public void When_it_is_done_the_next_one_is_as_old_as_the_first_look_that_saw_it()
    {
        Saw(1, first: 7, last: 7);
        Pass(5);
        Saw(3, first: 7, last: 9);
        Pass(5);
        Saw(5, first: 7, last: 11);
        Pass(5);

        Saw(4, first: 8, last: 11);
        Assert.Equal(TimeSpan.FromSeconds(10), _backlog.Oldest);
        Saw(1, first: 11, last: 11);
        Assert.Equal(TimeSpan.FromSeconds(5), _backlog.Oldest);
        Saw(1, first: 12, last: 12);
        Assert.Equal(TimeSpan.Zero, _backlog.Oldest);
    }

    private void Saw(long pending, long first, long last) => _backlog.Saw(pending, first, last);

    private void Pass(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
