using System.Net;
using Swiper.Load.Scenarios;
using Swiper.Local.Hosts;

namespace Swiper.Load.Running;

/// <summary>A worker's share of a run.</summary>
internal sealed record WorkerPlan
{
    public required string Scenario { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    public bool UseTls { get; init; }

    public required double TimeoutSeconds { get; init; }

    /// <summary>Tokens of the users assigned to this worker.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>The data folder whose outbox holds login codes; null if not readable.</summary>
    public string? OutboxFolder { get; init; }

    public required int Connections { get; init; }

    public required int InFlight { get; init; }

    public double? Rate { get; init; }

    public double RampUpSeconds { get; init; }

    public required double WarmUpSeconds { get; init; }

    public required double DurationSeconds { get; init; }

    public LoadTarget ToTarget() => new(new DnsEndPoint(Host, Port), Tokens)
    {
        UseTls = UseTls,
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        Codes = OutboxFolder is null ? null : new SmsOutbox(OutboxFolder),
    };
}
