using System.Diagnostics.Metrics;
using System.Text.Json;
using Swiper.Storage;

namespace Swiper.Host.Web;

/// <summary>
/// Whether a balancer should send clients to this host, and what is wrong with it in any case. It looks twice a second; each change is a
/// log line, and the metrics <c>swiper.health.ready</c> and <c>swiper.health.reason</c> say it, too.
/// </summary>
internal sealed class HealthWatch : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // Many looks, each of which reads memory.
    private static readonly TimeSpan StallsAfter = TimeSpan.FromSeconds(5);

    private readonly IStorageEngine _engine;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenRegistration _drain;
    private readonly CancellationTokenSource _stopping = new();
    private Task _looking = Task.CompletedTask;
    private Look _last;
    private volatile Finding? _draining;

    public HealthWatch(
        IStorageEngine engine, IHostApplicationLifetime lifetime, IMeterFactory meters, TimeProvider clock, ILogger<HealthWatch> logger)
    {
        (_engine, _clock, _logger) = (engine, clock, logger);
        _last = new Look(clock.GetTimestamp(), []);
        // Logged as event 2.
        _drain = lifetime.ApplicationStopping.Register(() => _draining = new Finding(
            new HealthReason(HealthReasonKind.Draining, "", "the host is stopping", IsUnready: true), clock.GetUtcNow()));
        var meter = meters.Create("Swiper.Host");
        meter.CreateObservableGauge("swiper.health.ready", () => Now.Ready ? 1 : 0, null, "Whether the host is ready for clients.");
        meter.CreateObservableGauge("swiper.health.reason", Count, "{reason}", "What is wrong with the host, by what it is.");
    }

    /// <summary>The look that was taken last.</summary>
    /// <param name="At">A timestamp.</param>
    /// <param name="Found">What was wrong, with the time since when.</param>
    private sealed record Look(long At, IReadOnlyList<Finding> Found);

    private sealed record Finding(HealthReason Reason, DateTimeOffset Since);

    /// <summary>How the host is doing.</summary>
    public HealthReport Now
    {
        get
        {
            var found = Find();
            return new HealthReport(
                !found.Any(finding => finding.Reason.IsUnready),
                [.. found.Select(finding => new HealthReport.Reported(
                    NameOf(finding.Reason.Kind), finding.Reason.Which, finding.Since, finding.Reason.Detail, finding.Reason.IsUnready))]);
        }
    }

    /// <summary>Looks for the first time; the engine has started.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        TakeLook();
        _looking = Task.Run(LookAsync, cancellationToken);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _looking.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _drain.Dispose();
        _stopping.Dispose();
    }

    private static string NameOf(HealthReasonKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}");

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                TakeLook();
        }
        catch (OperationCanceledException)
        {
            // The host has stopped.
        }
    }

    private void TakeLook()
    {
        try
        {
            var before = _last.Found.ToDictionary(finding => (finding.Reason.Kind, finding.Reason.Which));
            var now = _clock.GetUtcNow();
            Finding[] found = [.. _engine.FindReasons().Select(reason =>
                new Finding(reason, before.TryGetValue((reason.Kind, reason.Which), out var known) ? known.Since : now))];
            Volatile.Write(ref _last, new Look(_clock.GetTimestamp(), found));
            Tell(before, found, now);
        }
        catch (Exception exception)
        {
            // Whatever it is: the next look may find more.
            HealthLog.NotLooked(_logger, exception);
        }
    }

    private void Tell(Dictionary<(HealthReasonKind, string), Finding> before, Finding[] found, DateTimeOffset now)
    {
        var state = found.Any(finding => finding.Reason.IsUnready) ? "not ready" : "ready";
        foreach (var (reason, _) in found)
        {
            if (!before.Remove((reason.Kind, reason.Which), out var known) || known.Reason.IsUnready != reason.IsUnready)
                HealthLog.Wrong(_logger, NameOf(reason.Kind), reason.Detail, state);
        }

        foreach (var (reason, since) in before.Values)
            HealthLog.Over(_logger, NameOf(reason.Kind), reason.Detail, (now - since).TotalSeconds, state);
    }

    /// <summary>What the last look found, and what only whoever asks can tell.</summary>
    private List<Finding> Find()
    {
        var last = Volatile.Read(ref _last);
        List<Finding> found = [.. last.Found];
        if (_draining is { } draining)
            found.Add(draining);
        if (_clock.GetElapsedTime(last.At) is var age && age > StallsAfter && !_stopping.IsCancellationRequested)
        {
            found.Add(new Finding(
                new HealthReason(HealthReasonKind.Stalled, "", "the host is too busy to look after itself", IsUnready: true),
                _clock.GetUtcNow() - age));
        }

        return found;
    }

    private IEnumerable<Measurement<int>> Count()
    {
        var found = Find();
        return [.. Enum.GetValues<HealthReasonKind>().Select(kind => new Measurement<int>(
            found.Exists(finding => finding.Reason.Kind == kind) ? 1 : 0, KeyValuePair.Create<string, object?>("reason", NameOf(kind))))];
    }
}

/// <summary>What `/health/ready` answers.</summary>
/// <param name="Ready">Whether a balancer should send clients here.</param>
/// <param name="Reasons">All that is wrong, whether or not it matters to a balancer.</param>
internal sealed record HealthReport(bool Ready, IReadOnlyList<HealthReport.Reported> Reasons)
{
    /// <param name="What">One of the names in docs/operations.md.</param>
    /// <param name="Which">Which one of its kind, such as a shard's number; empty if there is only one.</param>
    /// <param name="Since">When it was first seen.</param>
    /// <param name="Detail">For people.</param>
    /// <param name="Unready">Whether the host is not ready for it.</param>
    internal sealed record Reported(string What, string Which, DateTimeOffset Since, string Detail, bool Unready);
}
