using System.Collections.Concurrent;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Sharding;

public sealed class LaneThreadsTests
{
    [Fact]
    public void A_hundred_lanes_share_a_few_threads()
    {
        using var threads = new LaneThreads();
        var logs = Enumerable.Range(0, 100).Select(_ => new Log()).ToArray();
        var lanes = logs.Select(log => new Lane<Log>("test", threads, log)).ToArray();
        for (var i = 0; i < 100; i++)
        {
            foreach (var lane in lanes)
                lane.Enqueue(new Write(i));
        }

        foreach (var lane in lanes)
            lane.Stop();

        Assert.All(logs, log => Assert.Equal(Enumerable.Range(0, 100), log.Told));
        // More than the usual 8 only where the machine was too busy to run them.
        Assert.InRange(threads.Count, 1, 99);
    }

    [Fact]
    public void Lanes_that_hang_do_not_hold_up_another()
    {
        using var threads = new LaneThreads();
        using var release = new ManualResetEventSlim();
        using var all = new CountdownEvent(20);
        for (var i = 0; i < 20; i++)
            threads.Queue(new Work(() =>
            {
                all.Signal();
                release.Wait();
                return false;
            }));
        var log = new Log();
        using var lane = new Lane<Log>("test", threads, log);
        lane.Enqueue(new Write(1));
        lane.Stop();

        Assert.Equal([1], log.Told);
        Assert.True(all.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        // Those that hang, and the lane.
        Assert.InRange(threads.Count, 20, 21);
        release.Set();
    }

    [Fact]
    public void Busy_lanes_and_others_take_turns()
    {
        using var threads = new LaneThreads();
        using var done = new ManualResetEventSlim();
        var busy = Enumerable.Range(0, 8).Select(_ => new Work(() => !done.IsSet)).ToArray();
        foreach (var lane in busy)
            threads.Queue(lane);
        var log = new Log();
        using (var lane = new Lane<Log>("test", threads, log))
        {
            for (var i = 0; i < 1000; i++)
                lane.Enqueue(new Write(i));
        }

        done.Set();
        Assert.Equal(Enumerable.Range(0, 1000), log.Told);
    }

    [Fact]
    public void Threads_without_work_end_but_for_one_and_come_back()
    {
        using var threads = new LaneThreads(TimeSpan.FromMilliseconds(5));
        for (var round = 0; round < 3; round++)
        {
            using var meeting = new Barrier(5);
            for (var i = 0; i < 4; i++)
                threads.Queue(new Work(() =>
                {
                    meeting.SignalAndWait();
                    return false;
                }));
            meeting.SignalAndWait(TestContext.Current.CancellationToken);
            Assert.True(SpinWait.SpinUntil(() => threads.Count == 1, TimeSpan.FromMinutes(1)));
        }
    }

    [Fact]
    public void One_thread_at_a_time_works_for_a_lane()
    {
        using var threads = new LaneThreads();
        var inside = 0;
        var seen = new ConcurrentBag<int>();
        var log = new Log();
        using (var lane = new Lane<Log>("test", threads, log))
        {
            Parallel.For(0, 20_000, i => lane.Enqueue(new Write(i, () =>
            {
                seen.Add(Interlocked.Increment(ref inside));
                Interlocked.Decrement(ref inside);
            })));
        }

        Assert.Equal(20_000, log.Told.Count);
        Assert.All(seen, count => Assert.Equal(1, count));
    }

    private sealed class Write(int id, Action? execute = null) : LaneOperation<Log>
    {
        private Log? _log;

        protected internal override void Execute(Log writer)
        {
            _log = writer;
            execute?.Invoke();
            writer.Add(id);
        }

        protected internal override void Committed() => _log!.Told.Add(id);

        protected internal override void Failed(Exception exception) => _log!.Exceptions.Add(exception);
    }

    private sealed class Work(Func<bool> run) : ILaneWork
    {
        public bool Run() => run();
    }
}
