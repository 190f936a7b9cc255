using System.Threading.Tasks.Sources;

namespace Swiper.Core.Dispatch;

/// <summary>
/// Lets the one loop of a connection wait for a condition without allocating. The loop resumes on the thread pool, because the
/// signalling thread (a store's lane) must not run it.
/// </summary>
internal sealed class LoopSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    /// <summary>True from <see cref="Arm"/> until <see cref="Set"/>. Guarded by the owner's lock.</summary>
    public bool IsArmed { get; private set; }

    /// <summary>Call under the owner's lock if the condition does not hold.</summary>
    public ValueTask Arm()
    {
        _core.Reset();
        IsArmed = true;
        return new ValueTask(this, _core.Version);
    }

    /// <summary>Call under the owner's lock if <see cref="IsArmed"/>.</summary>
    public void Set()
    {
        IsArmed = false;
        _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
