namespace Swiper.Load.Scenarios;

/// <summary>What a client waits before it tries to connect again: nothing after a success, then longer and longer, as apps do.</summary>
internal sealed class RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan _pause;

    public void Reset() => _pause = TimeSpan.Zero;

    public void Lengthen() => _pause = _pause == TimeSpan.Zero ? First : TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, Longest.Ticks));

    public Task WaitAsync(CancellationToken cancellationToken) =>
        _pause == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(_pause, cancellationToken);
}
