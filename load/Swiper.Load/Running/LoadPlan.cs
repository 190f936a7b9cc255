using Swiper.Load.Profiles;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Running;

/// <summary>Everything that defines a run.</summary>
internal sealed record LoadPlan
{
    public required Scenario Scenario { get; init; }

    /// <summary>The profile's name.</summary>
    public required string Profile { get; init; }

    public required LoadSettings Settings { get; init; }

    public required LoadServer Server { get; init; }

    /// <summary>The command line as given.</summary>
    public required string Command { get; init; }

    /// <summary>After this time a request counts as unanswered.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Requests per second due between two moments, over all workers. The moments are seconds from the start of the measured part. Null
    /// in a closed loop.
    /// </summary>
    public double? DuePerSecond(double from, double to) => Settings.Rate is { } rate
        ? Math.Round(new Schedule(rate, Settings.RampUpSeconds).RateBetween(Settings.WarmUpSeconds + from, Settings.WarmUpSeconds + to), 3)
        : null;

    /// <summary>The share of each worker.</summary>
    public IReadOnlyList<WorkerPlan> Shares()
    {
        var workers = Settings.Processes;
        return [.. Enumerable.Range(0, workers).Select(worker =>
        {
            var connections = (Settings.Connections / workers) + (worker < Settings.Connections % workers ? 1 : 0);
            return new WorkerPlan
            {
                Scenario = Scenario.Name,
                Host = Server.EndPoint.Host,
                Port = Server.EndPoint.Port,
                UseTls = Server.UseTls,
                TimeoutSeconds = Timeout.TotalSeconds,
                Tokens = [.. Server.Tokens.Index().Where(token => token.Index % workers == worker).Select(token => token.Item)],
                OutboxFolder = Server.OutboxFolder,
                Connections = connections,
                InFlight = Settings.InFlight,
                Rate = Settings.Rate * connections / Settings.Connections,
                RampUpSeconds = Settings.RampUpSeconds,
                WarmUpSeconds = Settings.WarmUpSeconds,
                DurationSeconds = Settings.DurationSeconds,
            };
        })];
    }
}
