using System.Threading.Tasks.Sources;

namespace Swiper.Load.Running;

/// <summary>Takes requests from a <see cref="DueQueue"/>, one at a time; a reusable awaitable.</summary>
internal sealed class Taker : IValueTaskSource<long>
{
    private ManualResetValueTaskSourceCore<long> _core;

    public ValueTask<long> Wait()
    {
        _core.Reset();
        return new(this, _core.Version);
    }

    public void Give(long due) => _core.SetResult(due);

    long IValueTaskSource<long>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<long>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<long>.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
