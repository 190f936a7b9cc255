using Polly;
using Polly.Retry;

namespace Swiper.Storage.MySql;

/// <summary>
/// A circuit breaker: once a shard is found unreachable all calls to it fail at once, until the breaker's own probe succeeds.
/// </summary>
/// <remarks>
/// Polly's breaker probes with the next caller's work; with a hung server each such probe would block a lane for a whole deadline. This
/// one opens at the first reported failure, because a call is reported only after retries for a whole deadline. It probes in real time,
/// which is that of the server's recovery.
/// </remarks>
internal sealed class ShardBreaker : IDisposable
{
    private static readonly ResiliencePipeline UntilItAnswers = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            // Also a cancellation that isn't ours: nobody else probes.
            ShouldHandle = static args => ValueTask.FromResult(
                args.Outcome.Exception is not null && !args.Context.CancellationToken.IsCancellationRequested),
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(1),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<Exception, CancellationToken, ValueTask> _probe;
    private readonly Action<Exception?>? _changed;
    private readonly Lock _gate = new();
    private Exception? _failure;
    private Task _probing = Task.CompletedTask;

    /// <param name="probe">Probes the server, given the failure that opened the breaker; throws while it is not healthy.</param>
    /// <param name="changed">Called with the failure that opened the breaker, and with null when it closes again.</param>
    public ShardBreaker(Func<Exception, CancellationToken, ValueTask> probe, Action<Exception?>? changed)
    {
        _probe = probe;
        _changed = changed;
    }

    /// <summary>Why it is open; null if it is closed.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Opens the breaker: the shard was found unreachable.</summary>
    public void Open(Exception failure)
    {
        lock (_gate)
        {
            if (_failure is not null || _stopping.IsCancellationRequested)
                return;
            _changed?.Invoke(failure);
            Volatile.Write(ref _failure, failure);
            _probing = Task.Run(() => ProbeAsync(failure));
        }
    }

    public void Dispose()
    {
        Task probing;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _stopping.Cancel();
            probing = _probing;
        }

        // A probe in flight is cancelled, or ends by its own deadline.
        probing.Wait();
        _stopping.Dispose();
    }

    private async Task ProbeAsync(Exception failure)
    {
        try
        {
            await UntilItAnswers.ExecuteAsync(
                static (arguments, cancellation) =>
                    arguments._probe(arguments.failure, cancellation), (_probe, failure), _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            return;
        }

        lock (_gate)
        {
            Volatile.Write(ref _failure, null);
            _changed?.Invoke(null);
        }
    }
}
