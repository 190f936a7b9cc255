using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using StackExchange.Redis;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Redis;

/// <summary>
/// Sends queued batches to one server, in order, one call at a time; batches that arrive during a call go with the next. A failed call is
/// retried with back-off until it succeeds: applying is idempotent. When idle it probes now and then whether the server answers and its
/// groups are trusted.
/// </summary>
internal sealed class NodeWorker(
    RedisNode node, IndexQueue queue, RedisCalls calls, RedisNodes nodes, UntrustedGroups untrusted, RedisSilence silence,
    RedisOptions options, TimeProvider time, ILogger logger)
    : IDisposable
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly ApplyCall _call = new();
    private readonly List<BatchPart> _parts = [];
    private TimeSpan? _said;
    private long _place;

    public RedisNode Node => node;

    /// <summary>How many swipes it has sent to the server.</summary>
    public BatchSizes CallSizes { get; } = new();

    public void Start() => _ = Task.Run(RunAsync);

    /// <summary>Stops after the current call.</summary>
    public void Dispose() => _stopping.Cancel();

    /// <summary>Wakes the worker.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount != 0)
            return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another caller released it already: the worker wakes anyway.
        }
    }

    private async Task RunAsync()
    {
        var retry = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(_ => !_stopping.IsCancellationRequested),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(20),
                MaxDelay = TimeSpan.FromMilliseconds(500),
            })
            .Build();
        try
        {
            while (true)
                await retry.ExecuteAsync(static (worker, _) => worker.TurnAsync(), this, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // Stopped, possibly in the middle of a call.
        }
    }

    private async ValueTask TurnAsync()
    {
        _stopping.Token.ThrowIfCancellationRequested();
        try
        {
            if (!node.IsReachable)
                await ReachAsync().ConfigureAwait(false);
            await UntrustAsync().ConfigureAwait(false);
            queue.Take(ref _place, node.Groups, options.MaxSwipesPerCall, _parts);
            if (_parts.Count > 0)
                await ApplyAsync().ConfigureAwait(false);
            if (!node.IsReachable)
                Recovered();
            silence.End();
            if (_parts.Count == 0 && !await _wake.WaitAsync(options.ProbePeriod, _stopping.Token).ConfigureAwait(false))
                await ProbeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            // Also a cancellation that isn't ours: what was taken from the queue must be taken again.
            await FailedAsync(exception).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A small call first: if the last one still hangs in the server, more large ones would only pile up behind it.</summary>
    private async Task ReachAsync()
    {
        await nodes.RefreshAsync().ConfigureAwait(false);
        _stopping.Token.ThrowIfCancellationRequested();
        await ProbeAsync().ConfigureAwait(false);
        // The call in flight may or may not have arrived.
        _place = 0;
    }

    private async Task ProbeAsync() =>
        await HeedAsync(GroupReport.Read(await calls.EvaluateAsync(RedisScript.Status, node, node.GroupArguments).ConfigureAwait(false)))
            .ConfigureAwait(false);

    private async Task UntrustAsync()
    {
        var doubtful = queue.Doubtful(node.Groups);
        if (doubtful == 0)
            return;
        var report =
            GroupReport.Read(await calls.EvaluateAsync(RedisScript.Untrust, node, RedisNode.ArgumentsOf(doubtful)).ConfigureAwait(false));
        queue.ClearDoubt(doubtful & ~report.Elsewhere);
        await HeedAsync(report with { Untrusted = doubtful & ~report.Elsewhere }).ConfigureAwait(false);
    }

    private async Task ApplyAsync()
    {
        var report = GroupReport.Read(await CallAsync().ConfigureAwait(false));
        queue.Settle(_parts, ~report.Elsewhere);
        CallSizes.Record(_parts.Sum(part => part.Batch.Swipes.Length));
        await HeedAsync(report).ConfigureAwait(false);
    }

    private async Task<RedisResult> CallAsync()
    {
        try
        {
            return await calls.EvaluateAsync(RedisScript.Apply, node, _call.Pack(_parts, time.NowMs())).ConfigureAwait(false);
        }
        catch
        {
            _call.LosePieces();
            throw;
        }
    }

    private async Task HeedAsync(GroupReport report)
    {
        if (report.Failed != 0)
            RedisLog.GroupsFailed(logger, report.Failed);
        untrusted.Report(report.Untrusted | report.Failed);
        if (report.Elsewhere == 0)
            return;
        await nodes.RefreshAsync().ConfigureAwait(false);
        // If the group's server is unchanged, all that helps is to retry: a cluster takes a moment to settle.
        _stopping.Token.ThrowIfCancellationRequested();
        throw new MisplacedGroupsException(report.Elsewhere);
    }

    private void Recovered()
    {
        node.IsReachable = true;
        _said = null;
        RedisLog.NodeRecovered(logger, node.ToString(), queue.Waiting);
    }

    private async Task FailedAsync(Exception exception)
    {
        node.IsReachable = false;
        await silence.GoOnAsync().ConfigureAwait(false);
        if (_said is null)
            RedisLog.NodeFailing(logger, node.ToString(), exception);
        else if (silence.Length - _said >= SayEvery)
            RedisLog.NodeStillFailing(logger, node.ToString(), silence.Length.TotalSeconds, queue.Waiting, exception.Message);
        else
            return;
        _said = silence.Length;
    }
}
