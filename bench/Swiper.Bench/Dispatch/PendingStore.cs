using System.Threading.Tasks.Sources;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Dispatch;

/// <summary>Completes operations on demand, with pooled operations as in the stores.</summary>
internal sealed class PendingStore : IDeferredHandler<NoArgs, NoData>
{
    private readonly OperationPool<Operation> _pool = new();
    private readonly Queue<Operation> _waiting = new();

    public int Answered { get; private set; }

    public ValueTask<Outcome<NoData>> HandleAsync(Session session, NoArgs request)
    {
        if (!_pool.TryRent(out var operation))
            operation = new Operation(_pool);
        _waiting.Enqueue(operation);
        return operation.Task;
    }

    /// <summary>Completes all with one flush, as a lane completes a batch.</summary>
    public void AnswerAll()
    {
        FlushScope.Enter();
        while (_waiting.TryDequeue(out var operation))
        {
            Answered++;
            operation.Complete();
        }
        FlushScope.Exit();
    }

    private sealed class Operation(OperationPool<Operation> pool) : IValueTaskSource<Outcome<NoData>>
    {
        private ManualResetValueTaskSourceCore<Outcome<NoData>> _core;

        public ValueTask<Outcome<NoData>> Task => new(this, _core.Version);

        public void Complete() => _core.SetResult(default(NoData));

        public Outcome<NoData> GetResult(short token)
        {
            var result = _core.GetResult(token);
            _core.Reset();
            pool.Return(this);
            return result;
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
