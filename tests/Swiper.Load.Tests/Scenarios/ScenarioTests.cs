using Swiper.Load.Profiles;
using Swiper.Load.Results;
using Swiper.Load.Running;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Tests.Scenarios;

/// <summary>Each scenario for a second or two on a real host.</summary>
public sealed class ScenarioTests(SharedServer shared)
{
    private const double LongestSeconds = 60;

    public static TheoryData<string> Names => [.. ScenarioCatalog.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_step_is_done_and_answered_with_nothing_but_what_the_scenario_expects(string name)
    {
        var scenario = ScenarioCatalog.Find(name)!;
        var settings = SettingsOf(scenario);
        var report = await RunAsync();
        // On a busy machine a visit takes longer, and who has not left does not arrive.
        while (report.Steps.Any(step => step.Count == 0) && settings.DurationSeconds < LongestSeconds)
        {
            settings = settings with { DurationSeconds = 2 * settings.DurationSeconds };
            report = await RunAsync();
        }

        Assert.True(report.Passed, string.Join("; ", report.Thresholds.Where(threshold => !threshold.Met)));
        Assert.Equal(scenario.Steps, report.Steps.Select(step => step.Name));
        Assert.All(report.Steps, step => Assert.True(step.Count > 0, $"{step.Name} was never done"));
        Assert.All(report.Total.Codes.Keys, code => Assert.True(scenario.IsExpected(code), $"code {code}"));
        Assert.Equal(report.Total.Count, report.Steps.Sum(step => step.Count));
        Assert.Equal(report.Total.Count, report.Total.Distribution.Sum(bucket => bucket.Count));

        Task<LoadReport> RunAsync() => new LoadRun(Plans.Of(name, shared.Server, settings), (_, _) => { }).RunAsync(CancellationToken.None);
    }

    [Fact]
    public void Names_and_steps_are_told_apart()
    {
        Assert.Equal(ScenarioCatalog.All.Count, ScenarioCatalog.All.DistinctBy(scenario => scenario.Name).Count());
        Assert.All(ScenarioCatalog.All, scenario => Assert.Equal(scenario.Steps, scenario.Steps.Distinct()));
    }

    [Fact]
    public async Task All_of_the_herd_comes_back_after_each_stampede()
    {
        var report = await new LoadRun(
            Plans.Of("thundering-herd", shared.Server, new() { Connections = 50, DurationSeconds = 2 }), (_, _) => { }).RunAsync(CancellationToken.None);

        Assert.True(report.Figures["stampedes"] >= 1);
        Assert.Equal(0, report.Total.Count % 50);
        Assert.True(report.Figures["longest until all were back, s"] > 0);
        Assert.Equal(0, report.Figures["connections lost"]);
    }

    [Fact]
    public async Task Slow_readers_ask_more_than_they_read_while_the_others_are_served()
    {
        var report = await new LoadRun(Plans.Of("slow-readers", shared.Server, new() { Connections = 8 }), (_, _) => { }).RunAsync(CancellationToken.None);

        Assert.Equal(2, report.Figures["slow readers"]);
        Assert.True(report.Figures["asked by slow readers, MB"] > report.Figures["read by slow readers, MB"]);
        Assert.Equal([0], report.Total.Codes.Keys);
    }

    // The stampede of the herd comes on whole seconds.
    private static SettingsPart SettingsOf(Scenario scenario) => new()
    {
        DurationSeconds = scenario.Demands.Loops == Loops.Closed ? 2.5 : 1,
        Rate = scenario.Demands.Loops == Loops.Open ? 50 : null,
        Thresholds = new Thresholds { OnlyExpectedCodes = true, MaxLostConnections = 0 },
    };
}
