using System.Collections.Concurrent;
using Swiper.Core.Dispatch;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Sharding;

public sealed class PooledLaneOperationTests
{
    [Fact]
    public async Task An_awaited_operation_answers_what_it_published()
    {
        using var lane = new Lane<Sum>("test", TestLanes.Threads, new Sum());
        Assert.Equal(5, await Add.To(lane, 5).OffTheLane());
        Assert.Equal(7, await Add.To(lane, 2).OffTheLane());
    }

    [Fact]
    public async Task The_awaiting_code_goes_on_on_the_lanes_thread()
    {
        using var lane = new Lane<Sum>("the lane", TestLanes.Threads, new Sum());
        using var gate = new ManualResetEventSlim();
        lane.Enqueue(new Waits(gate));
        var name = NameAfter(Add.To(lane, 1));
        gate.Set();
        Assert.Equal("lanes", await name);

        static async Task<string?> NameAfter(ValueTask<int> operation)
        {
            await operation.ConfigureAwait(false);
            var name = Thread.CurrentThread.Name;
            await Task.Yield();
            return name;
        }
    }

    [Fact]
    public async Task Failures_are_thrown_at_the_one_who_awaits()
    {
        var lane = new Lane<Sum>("test", TestLanes.Threads, new Sum());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Add.To(lane, Add.ThrowsInside).OffTheLane());
        await Assert.ThrowsAsync<NotSupportedException>(async () => await Add.To(lane, Add.ThrowsPublishing).OffTheLane());
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Add.To(lane, Add.StoreIsDown).OffTheLane());
        Assert.Equal(1, await Add.To(lane, 1).OffTheLane());
        lane.Stop();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Add.To(lane, 1).OffTheLane());
    }

    [Fact]
    public async Task Awaiting_twice_is_refused_and_harms_nobody()
    {
        using var lane = new Lane<Sum>("test", TestLanes.Threads, new Sum());
        var first = Add.To(lane, 1);
        await first;
        await Task.Yield();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await first);
        Assert.Equal(3, await Add.To(lane, 2).OffTheLane());
    }

    [Fact]
    public async Task A_result_taken_too_early_is_refused_and_the_operation_stays_the_lanes()
    {
        using var lane = new Lane<Sum>("test", TestLanes.Threads, new Sum());
        using var gate = new ManualResetEventSlim();
        lane.Enqueue(new Waits(gate));
        var operation = Add.To(lane, 1);
#pragma warning disable CA2012 // The misuse is what is tested.
        Assert.Throws<InvalidOperationException>(() => operation.GetAwaiter().GetResult());
#pragma warning restore CA2012
        gate.Set();
        Assert.Equal(1, await operation.OffTheLane());
    }

    [Fact]
    public async Task A_forgotten_operation_happens_and_its_failure_is_its_own_business()
    {
        var hooks = new Faults();
        // One operation a batch: a store that is down fails its whole batch.
        using var lane = new Lane<Sum>("test", TestLanes.Threads, new Sum(), hooks, maxBatch: 1);
        Add.Abandonments = 0;
        Add.AndForget(lane, 5);
        Add.AndForget(lane, Add.ThrowsInside);
        Add.AndForget(lane, Add.ThrowsPublishing);
        Add.AndForget(lane, Add.StoreIsDown);
        Assert.Equal(6, await Add.To(lane, 1).OffTheLane());
        Assert.Equal(2, Add.Abandonments);
        Assert.IsType<InvalidOperationException>(hooks.Seen[0]);
        Assert.IsType<NotSupportedException>(hooks.Seen[1]);
        Assert.Equal(2, hooks.Seen.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_is_settled_later_or_in_another_batch_is_answered_with_the_times_of_its_own(bool fails)
    {
        using var lane = new Lane<Sum>("test", TestLanes.Threads, new Sum());
        using var other = new Lane<Sum>("other", TestLanes.Threads, new Sum());
        var restored = new ConcurrentQueue<bool>();
        foreach (var isOnALane in new[] { false, true })
        {
            var operation = Late.To(lane);
            var told = TimesOnceAnswered(operation.AsValueTask());
            var own = await operation.CommittedIn.Task;
            Assert.True(own.Began > 0);
            Assert.False(told.IsCompleted);
            if (isOnALane)
                other.Enqueue(new Settles(operation, fails, restored));
            else
                operation.SettleNow(fails);

            Assert.Equal(own, await told);
        }

        // Whoever settles it has its own times again.
        Assert.Equal(default, BatchTimes.Completing);
        await Add.To(other, 1).OffTheLane();
        Assert.Equal([true], restored);

        static async Task<BatchTimes> TimesOnceAnswered(ValueTask<int> answered)
        {
            try
            {
                await answered.ConfigureAwait(false);
            }
            catch (StoreUnavailableException)
            {
                // The times are the same.
            }

            var times = BatchTimes.Completing;
            await Task.Yield();
            return times;
        }
    }

    private sealed class Sum : ILaneWriter
    {
        public int Total { get; set; }

        void ILaneWriter.Begin()
        {
        }

        void ILaneWriter.Commit()
        {
        }

        void ILaneWriter.Rollback()
        {
        }

        bool ILaneWriter.IsStorageFailure(Exception exception) => exception is IOException;
    }

    private sealed class Faults : LaneHooks<Sum>
    {
        public List<Exception> Seen { get; } = [];

        public override void Faulted(Exception exception) => Seen.Add(exception);
    }

    private sealed class Waits(ManualResetEventSlim gate) : LaneOperation<Sum>
    {
        protected internal override void Execute(Sum writer) => gate.Wait();

        protected internal override void Committed()
        {
        }

        protected internal override void Failed(Exception exception)
        {
        }
    }

    /// <summary>An operation that is committed, and settled when somebody says so.</summary>
    private sealed class Late : PooledLaneOperation<Late, Sum, int>
    {
        public TaskCompletionSource<BatchTimes> CommittedIn { get; private set; } = null!;

        public static Late To(Lane<Sum> lane)
        {
            var operation = RentInstance();
            operation.CommittedIn = new TaskCompletionSource<BatchTimes>(TaskCreationOptions.RunContinuationsAsynchronously);
            lane.Enqueue(operation);
            return operation;
        }

        public void SettleNow(bool fails)
        {
            if (fails)
                SettleFailed(new StoreUnavailableException("later"));
            else
                Settle(1);
        }

        protected internal override void Execute(Sum writer)
        {
        }

        protected override bool TryPublish(out int result)
        {
            result = 0;
            CommittedIn.SetResult(BatchTimes.Completing);
            return false;
        }
    }

    /// <summary>Settles the other when it is committed itself.</summary>
    private sealed class Settles(Late other, bool fails, ConcurrentQueue<bool> restored) : LaneOperation<Sum>
    {
        protected internal override void Execute(Sum writer)
        {
        }

        protected internal override void Committed()
        {
            var own = BatchTimes.Completing;
            other.SettleNow(fails);
            restored.Enqueue(own == BatchTimes.Completing && own != default);
        }

        protected internal override void Failed(Exception exception)
        {
        }
    }

    private sealed class Add : PooledLaneOperation<Add, Sum, int>
    {
        public const int ThrowsInside = -1;
        public const int ThrowsPublishing = -2;
        public const int StoreIsDown = -3;

        private int _amount;
        private Sum? _sum;

        public static int Abandonments { get; set; }

        public static ValueTask<int> To(Lane<Sum> lane, int amount)
        {
            var operation = Rent(amount);
            lane.Enqueue(operation);
            return operation.AsValueTask();
        }

        public static void AndForget(Lane<Sum> lane, int amount)
        {
            var operation = Rent(amount);
            operation.Forget();
            lane.Enqueue(operation);
        }

        protected internal override void Execute(Sum writer)
        {
            _sum = writer;
            if (_amount == ThrowsInside)
                throw new InvalidOperationException();
            if (_amount == StoreIsDown)
                throw new IOException();
        }

        protected override bool TryPublish(out int result)
        {
            result = _amount == ThrowsPublishing ? throw new NotSupportedException() : _sum!.Total += _amount;
            return true;
        }

        protected override void Abandoned(Exception exception) => Abandonments++;

        protected override void Clear() => _sum = null;

        private static Add Rent(int amount)
        {
            var operation = RentInstance();
            Assert.Null(operation._sum);
            operation._amount = amount;
            return operation;
        }
    }
}
