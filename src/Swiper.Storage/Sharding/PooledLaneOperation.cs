using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.Sharding;

/// <summary>
/// An operation that is awaited, or forgotten, without allocating: rent, fill, enqueue, then return
/// <see cref="AsValueTask"/>, to be awaited exactly once. It goes back to its type's pool when its result is taken.
/// </summary>
/// <remarks>
/// The awaiting code continues on the lane's thread, before the next operation is told and before the next batch:
/// it may write a reply or enqueue more, and must not block.
/// </remarks>
internal abstract class PooledLaneOperation<TSelf, TWriter, TResult> : LaneOperation<TWriter>, IValueTaskSource<TResult>
    where TSelf : PooledLaneOperation<TSelf, TWriter, TResult>, new()
{
    // More in flight than this are allocated and collected; 256 a connection is the most that one connection has.
    private const int PoolCapacity = 16 * 1024;

    private static readonly OperationPool<TSelf> Pool = new(PoolCapacity);

    private ManualResetValueTaskSourceCore<TResult> _completion;
    private bool _forgotten;

    /// <summary>The outcome, to be awaited once.</summary>
    public ValueTask<TResult> AsValueTask() => new(this, _completion.Version);

    /// <summary>Nobody will await it. To be said before it is enqueued, and the caller must not touch it after that.</summary>
    public void Forget() => _forgotten = true;

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<TResult>.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    TResult IValueTaskSource<TResult>.GetResult(short token)
    {
        // A second await, or one before the end, must throw without returning what is in somebody else's hands.
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
        try
        {
            if (!TryPublish(out result))
                return;
        }
        catch (Exception exception)
        {
            // The awaiting caller learns of it; a forgotten operation has only the lane left to report it.
            if (_forgotten)
            {
                Return();
                throw;
            }

            _completion.SetException(exception);
            return;
        }

        Settle(result);
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
    /// It is durable: shows it to readers and says what the caller is answered. False: what follows from it has still to become
    /// durable, and whoever sees to that calls <see cref="Settle"/> or <see cref="SettleFailed"/>.
    /// </summary>
    protected abstract bool TryPublish([MaybeNullWhen(false)] out TResult result);

    /// <summary>Answers the caller. Not to be touched afterwards.</summary>
    protected void Settle(TResult result)
    {
        if (_forgotten)
            Return();
        else
            _completion.SetResult(result);
    }

    /// <summary>Answers the caller of a committed operation that what follows from it could not be made durable.</summary>
    protected void SettleFailed(Exception exception) => Failed(exception);

    /// <summary>A forgotten operation failed.</summary>
    protected virtual void Abandoned(Exception exception)
    {
    }

    /// <summary>Drops the references that it must not keep alive while it is pooled.</summary>
    protected virtual void Clear()
    {
    }

    private void Return()
    {
        Clear();
        _forgotten = false;
        _completion.Reset();
        Pool.Return((TSelf)this);
    }
}
