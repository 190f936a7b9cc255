using Swiper.Client;

namespace Swiper.Load.Scenarios;

/// <summary>The pause before a client reconnects: none after a success, then exponential back-off, as in apps.</summary>
internal sealed class RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan _pause;

    public Task WaitAsync(CancellationToken cancellationToken) =>
        _pause == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(_pause, cancellationToken);

    /// <summary>Tries to connect; the outcome determines the pause before the next attempt.</summary>
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
