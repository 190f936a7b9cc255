using System.Net;
using Swiper.Load.Profiles;
using Swiper.Load.Running;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Commands;

/// <summary>A load run as requested on the command line.</summary>
internal sealed record LoadRequest
{
    public required Scenario Scenario { get; init; }

    public required string Profile { get; init; }

    public required LoadSettings Settings { get; init; }

    public required string ReportFolder { get; init; }

    /// <summary>A running server; null if the runner starts a private host.</summary>
    public DnsEndPoint? Server { get; init; }

    public bool UseTls { get; init; }

    public IReadOnlyList<string> Tokens { get; init; } = [];

    public string? OutboxFolder { get; init; }

    public required string HostProgram { get; init; }

    public bool OnCluster { get; init; }

    public LoadPlan ToPlan(LoadServer server, string command) => new()
    {
        Scenario = Scenario, Profile = Profile, Settings = Settings, Server = server, Command = command,
    };
}
