namespace Swiper.Load.Scenarios;

/// <summary>All scenarios.</summary>
public static class ScenarioCatalog
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new EchoScenario(),
        new PingScenario(),
        new LoginStormScenario(),
        new ResumeStormScenario(),
        new DeckScenario(),
        new SwipeScenario(),
        new MixedDayScenario(),
        new LeaderboardScenario(),
        new IdleScenario(),
        new SlowReadersScenario(),
        new ThunderingHerdScenario(),
        new SoakScenario(),
    ];

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
