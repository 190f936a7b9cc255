using Swiper.Client.Pushes;

namespace Swiper.Client.Tests.Pushes;

public sealed class PushFeedTests : IDisposable
{
    private readonly PushFeed _feed = new(capacity: 200);

    public void Dispose() => _feed.Dispose();

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
        _feed.StartAfter(4);
        Accept(6);

        Assert.Equal(6, (await _feed.Reader.ReadAsync().Soon()).Seq);
        // The next resume asks for the one that is missing, and if it comes late it is not lost.
        Assert.Equal(4, _feed.ResumeAfter);
        Accept(7, 5, 5, 6);
        Assert.Equal([7, 5], Delivered());
        Assert.Equal(7, _feed.ResumeAfter);
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
        _feed.StartAfter(null);
        Accept(3);
        Assert.Equal([900, 3], Delivered());
    }

    private void Accept(params long[] seqs)
    {
        foreach (var seq in seqs)
            _feed.Accept(new SwiperPush.Matched(seq, seq, default));
    }

    private List<long> Delivered()
    {
        var seqs = new List<long>();
        while (_feed.Reader.TryRead(out var push))
            seqs.Add(push.Seq);
        return seqs;
    }
}
