using Swiper.Client;

namespace Swiper.Load.Scenarios;

/// <summary>What a client waits before it tries to connect again: nothing after a success, then longer and longer, as apps do.</summary>
internal sealed class RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan _pause;

    public Task WaitAsync(CancellationToken cancellationToken) =>
        _pause == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(_pause, cancellationToken);

    /// <summary>Tries to come; the pause before the next try follows from how that went.</summary>
    public async ValueTask<StepOutcome> AttemptAsync(Func<Task> attempt)
    {
        try
        {
            await attempt().ConfigureAwait(false);
            Reset();
            return default;
        }
        catch (SwiperException exception)
        {
            Lengthen();
            return new StepOutcome((int)exception.Code, 0);
        }
        catch (Exception exception) when (StepOutcome.IsLoss(exception))
        {
            Lengthen();
            return StepOutcome.NoReply;
        }
    }

    private void Reset() => _pause = TimeSpan.Zero;

    private void Lengthen() => _pause = _pause == TimeSpan.Zero ? First : TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, Longest.Ticks));
}
