using Swiper.Load.Running;

namespace Swiper.Load.Tests.Running;

public sealed class DueQueueTests
{
    private readonly DueQueue _queue = new();
    private readonly Taker _taker = new();

    [Fact]
    public async Task Requests_are_taken_in_the_order_in_which_they_were_due()
    {
        foreach (var due in (long[])[1, 2, 3])
            _queue.Offer(due);
        foreach (var due in (long[])[1, 2, 3])
            Assert.Equal(due, await _queue.TakeAsync(_taker));
    }

    [Fact]
    public async Task Who_waits_gets_the_next_one_and_may_wait_again()
    {
        for (var due = 1L; due <= 3; due++)
        {
            var taking = _queue.TakeAsync(_taker);
            Assert.False(taking.IsCompleted);
            _queue.Offer(due);
            Assert.Equal(due, await taking);
        }
    }

    [Fact]
    public async Task After_the_last_one_it_is_over_for_who_waits_and_for_who_comes()
    {
        var other = new Taker();
        var waiting = _queue.TakeAsync(other);
        _queue.Finish();
        Assert.Equal(DueQueue.Over, await waiting);
        _queue.Offer(5);
        Assert.Equal(5, await _queue.TakeAsync(_taker));
        Assert.Equal(DueQueue.Over, await _queue.TakeAsync(_taker));
    }

    [Fact]
    public async Task What_nobody_took_is_given_back()
    {
        _queue.Offer(1);
        _queue.Offer(2);
        _queue.Offer(3);
        _queue.Finish();
        Assert.Equal(1, await _queue.TakeAsync(_taker));
        Assert.Equal([2, 3], _queue.Abandon());
        Assert.Equal(DueQueue.Over, await _queue.TakeAsync(_taker));
    }

    [Fact]
    public async Task Taking_and_offering_allocate_nothing_once_the_queue_has_grown()
    {
        await TurnAsync(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        await TurnAsync(100);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    // Never leaves the thread: everything completes at once.
    private async ValueTask TurnAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _queue.Offer(i);
            _queue.Offer(i);
            await _queue.TakeAsync(_taker);
            await _queue.TakeAsync(_taker);
            var taking = _queue.TakeAsync(_taker);
            _queue.Offer(i);
            await taking;
        }
    }
}
