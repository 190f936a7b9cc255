using Swiper.Core.Dispatch;

namespace Swiper.Core.Tests.Dispatch;

public sealed class InFlightRequestsTests
{
    [Fact]
    public void There_is_room_up_to_the_limit()
    {
        var requests = new InFlightRequests(limit: 2);
        Assert.True(requests.HasRoom);
        requests.Begin();
        Assert.True(requests.HasRoom);
        requests.Begin();
        Assert.False(requests.HasRoom);
        requests.End();
        Assert.True(requests.HasRoom);
    }

    [Fact]
    public async Task A_full_connection_waits_until_half_is_free()
    {
        var requests = new InFlightRequests(limit: 8);
        for (var i = 0; i < 8; i++)
            requests.Begin();
        var room = requests.WhenRoomAsync().AsTask();
        for (var i = 0; i < 3; i++)
            requests.End();
        Assert.False(room.IsCompleted);
        requests.End();
        await room.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await requests.WhenRoomAsync();
    }

    [Fact]
    public async Task A_limit_of_one_waits_for_that_one()
    {
        var requests = new InFlightRequests(limit: 1);
        requests.Begin();
        var room = requests.WhenRoomAsync().AsTask();
        Assert.False(room.IsCompleted);
        requests.End();
        await room.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_is_idle_once_all_have_ended()
    {
        var requests = new InFlightRequests(limit: 4);
        await requests.WhenIdleAsync();
        requests.Begin();
        requests.Begin();
        var idle = requests.WhenIdleAsync().AsTask();
        requests.End();
        Assert.False(idle.IsCompleted);
        requests.End();
        await idle.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task No_wake_up_is_lost_between_a_loop_and_the_threads_that_answer()
    {
        const int Limit = 16;
        const int Requests = 200_000;
        var cancelled = TestContext.Current.CancellationToken;
        var requests = new InFlightRequests(Limit);
        using var begun = new SemaphoreSlim(0);
        var stores = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            for (var i = 0; i < Requests / 2; i++)
            {
                begun.Wait(cancelled);
                requests.End();
            }
        }, cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        var loop = Task.Run(async () =>
        {
            for (var i = 0; i < Requests; i++)
            {
                if (!requests.HasRoom)
                    await requests.WhenRoomAsync();
                requests.Begin();
                begun.Release();
            }
            await requests.WhenIdleAsync();
        }, cancelled);
        await Task.WhenAll([loop, .. stores]).WaitAsync(TimeSpan.FromSeconds(60), cancelled);
        Assert.True(requests.HasRoom);
    }
}
