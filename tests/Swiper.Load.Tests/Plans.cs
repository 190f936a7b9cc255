using Swiper.Load.Profiles;
using Swiper.Load.Running;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Tests;

/// <summary>Plans of short runs.</summary>
internal static class Plans
{
    public static LoadPlan Of(string scenario, LoadServer server, SettingsPart part)
    {
        var found = ScenarioCatalog.Find(scenario)!;
        var settings = part.Over(new SettingsPart { WarmUpSeconds = 0, DurationSeconds = 1, Connections = 4 }).Complete();
        Assert.Empty(settings.Problems(found));
        return new LoadPlan { Scenario = found, Profile = "test", Command = "a test", Settings = settings, Server = server };
    }
}
