namespace Swiper.Load.Scenarios;

/// <summary>All scenarios there are.</summary>
public static class ScenarioCatalog
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new EchoScenario(),
        new PingScenario(),
    ];

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
