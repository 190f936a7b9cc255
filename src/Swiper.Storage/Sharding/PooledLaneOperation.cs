using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Storage.Sharding;

/// <summary>
/// An operation that can be awaited, or not, without allocating: rent, fill, enqueue, then return <see cref="AsValueTask"/>, to be awaited
/// exactly once. It returns to its type's pool when its result is taken.
/// </summary>
/// <remarks>
/// The awaiting code continues on the lane's thread, before the next operation completes and before the next batch: it may write a reply
/// or enqueue more, and must not block.
/// </remarks>
internal abstract class PooledLaneOperation<TSelf, TWriter, TResult> : LaneOperation<TWriter>, IValueTaskSource<TResult>
    where TSelf : PooledLaneOperation<TSelf, TWriter, TResult>, new()
{
    // Beyond this many in flight they are allocated and collected; one connection has at most 256.
    private const int PoolCapacity = 16 * 1024;

    private static readonly OperationPool<TSelf> Pool = new(PoolCapacity);

    private ManualResetValueTaskSourceCore<TResult> _completion;
    private BatchTimes _committedIn;
    private bool _forgotten;

    /// <summary>The outcome, to be awaited once.</summary>
    public ValueTask<TResult> AsValueTask() => new(this, _completion.Version);

    /// <summary>Marks it as fire-and-forget. Call before enqueuing it, and don't touch it after that.</summary>
    public void Forget() => _forgotten = true;

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<TResult>.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    TResult IValueTaskSource<TResult>.GetResult(short token)
    {
        // A second await, or an early one, must throw without returning to the pool an operation that is in use.
        if (_completion.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("The operation has not completed.");
        try
        {
            return _completion.GetResult(token);
        }
        finally
        {
            Return();
        }
    }

    protected internal sealed override void Committed()
    {
        TResult? result;
        // Where it is settled later, that may already happen before it has returned.
        _committedIn = BatchTimes.Completing;
        try
        {
            if (!TryPublish(out result))
                return;
        }
        catch (Exception exception)
        {
            // An awaiting caller gets the exception; for a fire-and-forget operation only the lane can report it.
            if (_forgotten)
            {
                Return();
                throw;
            }

            _completion.SetException(exception);
            return;
        }

        Complete(result);
    }

    protected internal sealed override void Failed(Exception exception)
    {
        if (!_forgotten)
        {
            _completion.SetException(exception);
            return;
        }

        try
        {
            Abandoned(exception);
        }
        finally
        {
            Return();
        }
    }

    /// <summary>An instance from the pool, or a new one.</summary>
    protected static TSelf RentInstance() => Pool.TryRent(out var unused) ? unused : new TSelf();

    /// <summary>
    /// Called once it is durable: publishes it to readers and sets the result. False: its follow-ups have yet to become durable, after
    /// which their owner calls <see cref="Settle"/> or <see cref="SettleFailed"/>.
    /// </summary>
    protected abstract bool TryPublish([MaybeNullWhen(false)] out TResult result);

    /// <summary>
    /// Completes the caller's await, on whichever thread and in whichever batch: the caller finds the times of the operation's own batch.
    /// Don't touch the operation afterwards.
    /// </summary>
    protected void Settle(TResult result)
    {
        using var scope = _committedIn.BeginCompleting();
        Complete(result);
    }

    /// <summary>Fails the caller's await likewise: the operation is committed but its follow-ups could not be made durable.</summary>
    protected void SettleFailed(Exception exception)
    {
        using var scope = _committedIn.BeginCompleting();
        Failed(exception);
    }

    /// <summary>A fire-and-forget operation failed.</summary>
    protected virtual void Abandoned(Exception exception)
    {
    }

    /// <summary>Clears references that it must not keep alive while pooled.</summary>
    protected virtual void Clear()
    {
    }

    private void Complete(TResult result)
    {
        if (_forgotten)
            Return();
        else
            _completion.SetResult(result);
    }

    private void Return()
    {
        Clear();
        BePartOf(null);
        _forgotten = false;
        _completion.Reset();
        Pool.Return((TSelf)this);
    }
}
