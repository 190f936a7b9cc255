using Swiper.Client.Pushes;

namespace Swiper.Client.Tests.Pushes;

public sealed class PushFeedTests : IDisposable
{
    private readonly PushFeed _feed = new(capacity: 200, Timeout.InfiniteTimeSpan);
    private readonly PushFeed _impatient = new(capacity: 200, TimeSpan.FromMilliseconds(1));

    public void Dispose()
    {
        _feed.Dispose();
        _impatient.Dispose();
    }

    [Fact]
    public void The_first_push_says_where_the_count_stands()
    {
        Accept(41, 42);
        Assert.Equal([41, 42], Delivered());
        Assert.Equal(42, _feed.ResumeAfter);
    }

    [Fact]
    public void What_came_before_comes_once()
    {
        _feed.StartAfter(4);
        Accept(4, 5, 5, 6, 5, 6, 7);
        Assert.Equal([5, 6, 7], Delivered());
    }

    [Fact]
    public void A_push_that_is_ahead_waits_for_those_before_it()
    {
        _feed.StartAfter(4);
        Accept(7, 8, 8, 5);
        Assert.Equal([5], Delivered());
        Assert.Equal(5, _feed.ResumeAfter);
        Accept(6);
        Assert.Equal([6, 7, 8], Delivered());
    }

    [Fact]
    public void The_end_of_a_resume_lets_go_what_waited_because_the_rest_is_not_kept()
    {
        _feed.StartAfter(4);
        Accept(107, 106);
        _feed.EndResume();
        Assert.Equal([106, 107], Delivered());
        Assert.Equal(107, _feed.ResumeAfter);
    }

    [Fact]
    public async Task Without_a_resume_a_gap_is_waited_for_only_so_long()
    {
        _impatient.StartAfter(4);
        Accept(_impatient, 6);

        Assert.Equal(6, (await _impatient.Reader.ReadAsync().Soon()).Seq);
        // The next resume asks for the one that is missing, and if it comes late it is not lost.
        Assert.Equal(4, _impatient.ResumeAfter);
        Accept(_impatient, 7, 5, 5, 6);
        Assert.Equal([7, 5], Delivered(_impatient));
        Assert.Equal(7, _impatient.ResumeAfter);
    }

    [Fact]
    public async Task What_a_resume_is_to_bring_is_waited_for_however_long_it_takes()
    {
        _impatient.StartAfter(4);
        _impatient.AwaitResume();
        Accept(_impatient, 7);

        // Longer than another one waits that has no resume to come.
        using var other = new PushFeed(capacity: 200, TimeSpan.FromMilliseconds(1));
        other.StartAfter(4);
        Accept(other, 7);
        await other.Reader.ReadAsync().Soon();

        Accept(_impatient, 5, 6);
        Assert.Equal([5, 6, 7], Delivered(_impatient));
    }

    [Fact]
    public void What_the_app_asks_to_resume_is_waited_for_however_long_it_takes()
    {
        var clock = new FakeTimeProvider();
        using var feed = new PushFeed(capacity: 200, TimeSpan.FromSeconds(1), clock);
        feed.BeginAskedResume(4);
        Accept(feed, 7);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(Delivered(feed));

        Accept(feed, 5, 6);
        Assert.Equal([5, 6, 7], Delivered(feed));
    }

    [Fact]
    public void A_resume_that_the_app_asked_for_in_vain_leaves_a_gap_like_any_other()
    {
        var clock = new FakeTimeProvider();
        using var feed = new PushFeed(capacity: 200, TimeSpan.FromSeconds(1), clock);
        feed.BeginAskedResume(4);
        Accept(feed, 7);
        clock.Advance(TimeSpan.FromMinutes(1));

        feed.EndAskedResume();
        Assert.Empty(Delivered(feed));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([7], Delivered(feed));
    }

    [Fact]
    public void A_resume_of_the_app_does_not_end_the_wait_for_that_of_a_lost_connection()
    {
        var clock = new FakeTimeProvider();
        using var feed = new PushFeed(capacity: 200, TimeSpan.FromSeconds(1), clock);
        feed.BeginAskedResume(4);
        Accept(feed, 7);
        feed.AwaitResume();
        feed.EndAskedResume();
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(Delivered(feed));
    }

    [Fact]
    public void What_waits_is_bounded()
    {
        _feed.StartAfter(0);
        Accept([.. Enumerable.Range(2, 101).Select(seq => (long)seq)]);
        Assert.Equal(101, Delivered().Count);
    }

    [Fact]
    public void Pushes_about_the_connection_have_no_seq_and_no_order()
    {
        _feed.StartAfter(4);
        Accept(0, 0, 5, 0);
        Assert.Equal([0, 0, 5, 0], Delivered());
    }

    [Fact]
    public void The_next_user_counts_anew()
    {
        Accept(900);
        _feed.StartAfter(2);
        Accept(3);
        Assert.Equal([900, 3], Delivered());
    }

    [Fact]
    public void What_the_server_does_not_send_any_more_is_told_and_the_count_goes_on_behind_it()
    {
        _feed.StartAfter(4);
        Accept(7);
        _feed.Accept(new SwiperPush.Missed(50, 5, 50));
        Accept(51);
        Assert.Equal([50, 51], Delivered());
        Assert.Equal(51, _feed.ResumeAfter);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public void A_count_that_the_server_never_reached_gives_way_to_the_servers(long newest)
    {
        _feed.StartAfter(500);
        _feed.Accept(new SwiperPush.Missed(newest, 1, newest));
        Assert.Equal(newest, _feed.ResumeAfter);
        Accept(newest + 1);
        Assert.Equal([newest, newest + 1], Delivered());
    }

    private void Accept(params long[] seqs) => Accept(_feed, seqs);

    private static void Accept(PushFeed feed, params long[] seqs)
    {
        foreach (var seq in seqs)
            feed.Accept(new SwiperPush.Matched(seq, seq, default));
    }

    private List<long> Delivered() => Delivered(_feed);

    private static List<long> Delivered(PushFeed feed)
    {
        var seqs = new List<long>();
        while (feed.Reader.TryRead(out var push))
            seqs.Add(push.Seq);
        return seqs;
    }
}
