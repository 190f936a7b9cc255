using Polly;
using Polly.Retry;

namespace Swiper.Storage.MySql;

/// <summary>
/// Once a shard has been found unreachable everything that asks it fails at once, until a probe of the breaker's own has got through.
/// </summary>
/// <remarks>
/// Polly's breaker probes with the next caller's work, and behind a hung server each such probe would hold a lane for a whole deadline;
/// here nobody waits twice. It opens at the first failure reported, because what is reported has been tried for a deadline.
/// </remarks>
internal sealed class ShardBreaker : IDisposable
{
    private static readonly ResiliencePipeline UntilItAnswers = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Exception is not (null or OperationCanceledException)),
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

    /// <param name="probe">Asks the server, given the failure that opened the breaker; throws while it is not well.</param>
    /// <param name="changed">Told of the failure that opened it, and null when it closes again.</param>
    public ShardBreaker(Func<Exception, CancellationToken, ValueTask> probe, Action<Exception?>? changed)
    {
        _probe = probe;
        _changed = changed;
    }

    /// <summary>Why it is open; null where it is not.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>The shard was found unreachable.</summary>
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

        // A probe under way is cancelled, or ends by its own deadline.
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
        catch (OperationCanceledException)
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
