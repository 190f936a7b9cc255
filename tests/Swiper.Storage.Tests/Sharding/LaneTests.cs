using System.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Sharding;

public sealed class LaneTests
{
    [Fact]
    public void Operations_run_and_are_told_in_the_order_queued()
    {
        var log = new Log();
        using (var lane = new Lane<Log>("test", TestLanes.Threads, log))
        {
            for (var i = 0; i < 5000; i++)
                lane.Enqueue(new Write(i));
        }

        Assert.Equal(Enumerable.Range(0, 5000), log.Stored);
        Assert.Equal(Enumerable.Range(0, 5000), log.Told);
    }

    [Fact]
    public void While_one_batch_commits_the_next_gathers()
    {
        var log = new Log();
        using var lane = new Lane<Log>("test", TestLanes.Threads, log);
        using var blocker = new Blocker(0);
        lane.Enqueue(blocker);
        blocker.Running.Wait(TestContext.Current.CancellationToken);
        for (var i = 1; i <= 100; i++)
            lane.Enqueue(new Write(i));
        Assert.Equal(100, lane.Queued);
        blocker.Release.Set();
        lane.Stop();

        Assert.Equal(["+1", "+100"], log.Transactions);
        Assert.Equal(0, lane.Queued);
        Assert.Equal(2, lane.BatchSizes.Batches);
        Assert.Equal(101, lane.BatchSizes.Operations);
        Assert.Equal(100, lane.BatchSizes.Largest);
        Assert.Equal(50.5, lane.BatchSizes.Mean);
        Assert.Equal(1, lane.BatchSizes.AtLeastPowerOfTwo(0));
        Assert.Equal(1, lane.BatchSizes.AtLeastPowerOfTwo(6));
    }

    [Fact]
    public void Whoever_is_told_finds_the_times_of_the_batch()
    {
        var (told, failed) = (new Timed(throws: false), new Timed(throws: true));
        var before = Stopwatch.GetTimestamp();
        using (var lane = new Lane<Log>("test", TestLanes.Threads, new Log()))
        {
            lane.Enqueue(told);
            lane.Enqueue(failed);
        }

        foreach (var times in new[] { told.Times, failed.Times })
        {
            Assert.InRange(times.Began, before, times.Ended);
            Assert.InRange(times.Ended, times.Began, Stopwatch.GetTimestamp());
        }
    }

    [Fact]
    public void A_batch_is_no_larger_than_allowed()
    {
        var log = RunTogether(maxBatch: 40, Enumerable.Range(1, 100).Select(i => new Write(i)));
        Assert.Equal(["+1", "+40", "+40", "+20"], log.Transactions);
        Assert.Equal(Enumerable.Range(0, 101), log.Stored);
    }

    [Fact]
    public void An_operation_that_throws_fails_alone_and_the_order_stays()
    {
        var bug = new InvalidOperationException("a bug");
        var log = RunTogether(maxBatch: 40, [new Write(1), new Write(2), new Throw(3, bug), new Write(4), new Write(5)]);
        Assert.Equal([0, 1, 2, 4, 5], log.Stored);
        Assert.Equal([0, 1, 2, ~3, 4, 5], log.Told);
        Assert.Equal(["+1", "-3", "+2", "-1", "+2"], log.Transactions);
        Assert.Same(bug, Assert.Single(log.Exceptions));
        Assert.Same(bug, Assert.Single(log.Faults));
    }

    [Fact]
    public void Many_that_throw_all_fail_and_all_others_happen()
    {
        var log = RunTogether(maxBatch: 1024,
            Enumerable.Range(1, 300).Select(i => i % 3 == 0 ? new Throw(i, new InvalidOperationException()) : new Write(i)));
        Assert.Equal(Enumerable.Range(0, 301).Where(i => i == 0 || i % 3 != 0), log.Stored);
        Assert.Equal(Enumerable.Range(0, 301).Select(i => i == 0 || i % 3 != 0 ? i : ~i), log.Told);
    }

    [Fact]
    public void A_commit_that_throws_is_tried_again_one_operation_a_transaction()
    {
        var log = RunTogether(maxBatch: 40, [new Write(1), new PoisonsCommit(2), new Write(3)]);
        Assert.Equal([0, 1, 3], log.Stored);
        Assert.Equal([0, 1, ~2, 3], log.Told);
        Assert.Equal(["+1", "-3", "+1", "-1", "+1"], log.Transactions);
    }

    [Fact]
    public void A_failing_store_fails_the_whole_batch_and_the_next_is_tried()
    {
        var log = RunTogether(maxBatch: 3, [new Write(1), new StoreFails(2), new Write(3), new Write(4), new Write(5)]);
        Assert.Equal([0, 4, 5], log.Stored);
        Assert.Equal([0, ~1, ~2, ~3, 4, 5], log.Told);
        Assert.All(log.Exceptions, exception => Assert.IsType<StoreUnavailableException>(exception));
        Assert.Equal(3, log.Exceptions.Distinct().Count());
        Assert.Empty(log.Faults);
    }

    [Fact]
    public void A_batch_that_the_writer_runs_again_is_told_once_and_has_a_start_each_time()
    {
        var log = RunTogether(maxBatch: 3, [new Write(1), new StoreFails(2) { Times = 2, Retries = 2 }, new Write(3)]);
        Assert.Equal([0, 1, 2, 3], log.Stored);
        Assert.Equal([0, 1, 2, 3], log.Told);
        Assert.Equal(["starting 3", "failed 3", "starting 3", "failed 3", "starting 3", "committed 3"], log.Events.Skip(6).Take(6));
    }

    [Fact]
    public void An_operation_that_throws_in_a_later_attempt_fails_alone_too()
    {
        var bug = new InvalidOperationException("a bug");
        var log = RunTogether(maxBatch: 3, [new StoreFails(1) { Times = 1, Retries = 1 }, new Throw(2, bug), new Write(3)]);
        Assert.Equal([0, 1, 3], log.Stored);
        Assert.Equal([0, 1, ~2, 3], log.Told);
        Assert.Same(bug, Assert.Single(log.Exceptions));
    }

    [Fact]
    public void A_rollback_that_fails_makes_the_batch_fail()
    {
        var log =
            RunTogether(maxBatch: 2, [new Write(1), new Throw(2, new InvalidOperationException()) { RollbackToo = true }, new Write(3)]);
        Assert.Equal([0, 3], log.Stored);
        Assert.Equal([0, ~1, ~2, 3], log.Told);
    }

    [Fact]
    public void The_hooks_surround_every_batch()
    {
        var log = RunTogether(maxBatch: 40, [new Write(1), new Throw(2, new InvalidOperationException()), new Write(3)]);
        Assert.Equal(
            [
                "starting 1", "committed 1", "begin", "0", "released", "end",
                "starting 3", "failed 3",
                "starting 1", "committed 1", "begin", "1", "released", "end",
                "starting 1", "failed 1", "faulted", "begin", "~2", "end",
                "starting 1", "committed 1", "begin", "3", "released", "end",
            ],
            log.Events);
    }

    [Fact]
    public void A_hook_that_throws_after_the_commit_is_reported_and_everybody_is_told()
    {
        var log = RunTogether(maxBatch: 40, [new Write(1), new PoisonsPublishing(2)]);
        Assert.Equal([0, 1, 2], log.Stored);
        Assert.Equal([0, ~1, ~2], log.Told);
        Assert.Single(log.Faults);
        Assert.Single(log.Events, "released"); // the first batch, which was not poisoned
    }

    [Fact]
    public void A_completion_that_throws_harms_no_other()
    {
        var log = RunTogether(maxBatch: 40, [new Write(1), new ThrowsWhenTold(2), new Write(3)]);
        Assert.Equal([0, 1, 2, 3], log.Stored);
        Assert.Equal([0, 1, 3], log.Told);
        Assert.Single(log.Faults);
    }

    [Fact]
    public void Stopping_drains_what_is_queued()
    {
        var log = new Log();
        var lane = new Lane<Log>("test", TestLanes.Threads, log);
        using var blocker = new Blocker(0);
        lane.Enqueue(blocker);
        blocker.Running.Wait(TestContext.Current.CancellationToken);
        for (var i = 1; i < 3000; i++)
            lane.Enqueue(new Write(i));
        var stopping = new Thread(lane.Stop);
        stopping.Start();
        blocker.Release.Set();
        stopping.Join();
        Assert.Equal(Enumerable.Range(0, 3000), log.Told);
        lane.Stop();
    }

    [Fact]
    public void After_a_stop_an_operation_fails_at_once()
    {
        var log = new Log();
        var lane = new Lane<Log>("shard 3", TestLanes.Threads, log);
        lane.Stop();
        lane.Enqueue(new Write(1) { Log = log });
        Assert.Equal([~1], log.Told);
        Assert.Equal("The lane shard 3 has stopped.", Assert.IsType<StoreUnavailableException>(Assert.Single(log.Exceptions)).Message);
        Assert.Empty(log.Stored);
    }

    [Fact]
    public void A_completion_may_enqueue_more_and_may_stop_the_lane()
    {
        var log = new Log();
        var lane = new Lane<Log>("test", TestLanes.Threads, log);
        using var stopped = new ManualResetEventSlim();
        var second = new Write(2)
        {
            WhenTold = () =>
            {
                lane.Stop();
                stopped.Set();
            },
        };
        lane.Enqueue(new Write(1) { WhenTold = () => lane.Enqueue(second) });
        stopped.Wait(TestContext.Current.CancellationToken);
        lane.Stop();
        Assert.Equal([1, 2], log.Told);
    }

    /// <summary>Runs operation 0, and the rest in as few batches as allowed.</summary>
    private static Log RunTogether(int maxBatch, IEnumerable<Write> operations)
    {
        var log = new Log();
        var lane = new Lane<Log>("test", TestLanes.Threads, log, new LogHooks(log), log, maxBatch);
        using var blocker = new Blocker(0);
        lane.Enqueue(blocker);
        blocker.Running.Wait(TestContext.Current.CancellationToken);
        foreach (var operation in operations)
        {
            operation.Log = log;
            lane.Enqueue(operation);
        }

        blocker.Release.Set();
        lane.Stop();
        return log;
    }

    private sealed class Timed(bool throws) : LaneOperation<Log>
    {
        public BatchTimes Times { get; private set; }

        protected internal override void Execute(Log writer)
        {
            if (throws)
                throw new InvalidOperationException("a bug");
        }

        protected internal override void Committed() => Times = BatchTimes.Completing;

        protected internal override void Failed(Exception exception) => Times = BatchTimes.Completing;
    }

    private class Write(int id) : LaneOperation<Log>
    {
        public Log? Log { get; set; }

        public Action? WhenTold { get; init; }

        protected internal override void Execute(Log writer)
        {
            Log = writer;
            writer.Add(id);
        }

        protected internal override void Committed()
        {
            Log!.Events.Add($"{id}");
            Log.Told.Add(id);
            WhenTold?.Invoke();
        }

        protected internal override void Failed(Exception exception)
        {
            Log!.Events.Add($"~{id}");
            Log.Told.Add(~id);
            Log.Exceptions.Add(exception);
        }
    }

    private sealed class Blocker(int id) : Write(id), IDisposable
    {
        public ManualResetEventSlim Running { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public void Dispose()
        {
            Running.Dispose();
            Release.Dispose();
        }

        protected internal override void Execute(Log writer)
        {
            base.Execute(writer);
            Running.Set();
            Release.Wait();
        }
    }

    private sealed class Throw(int id, Exception exception) : Write(id)
    {
        public bool RollbackToo { get; init; }

        protected internal override void Execute(Log writer)
        {
            base.Execute(writer);
            writer.RollbackThrows = RollbackToo;
            throw exception;
        }
    }

    private sealed class StoreFails(int id) : Write(id)
    {
        private int _times;

        public int Times { get; init; } = int.MaxValue;

        public int Retries { get; init; }

        protected internal override void Execute(Log writer)
        {
            base.Execute(writer);
            if (_times == 0)
                writer.Retries = Retries;
            if (_times++ < Times)
                throw new IOException("no space");
        }
    }

    private sealed class PoisonsCommit(int id) : Write(id)
    {
        protected internal override void Execute(Log writer)
        {
            base.Execute(writer);
            writer.CommitThrows = true;
        }
    }

    private sealed class PoisonsPublishing(int id) : Write(id)
    {
        protected internal override void Execute(Log writer)
        {
            base.Execute(writer);
            writer.PublishingThrows = true;
        }
    }

    private sealed class ThrowsWhenTold(int id) : Write(id)
    {
        protected internal override void Committed() => throw new InvalidOperationException();
    }
}
