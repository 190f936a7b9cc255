using Swiper.Load.Profiles;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Tests.Profiles;

public sealed class LoadProfileTests
{
    private static readonly Scenario Echo = ScenarioCatalog.Find("echo")!;
    private static readonly Scenario Swipe = ScenarioCatalog.Find("swipe")!;

    public static TheoryData<string, string> Pairs =>
        [.. LoadProfile.Names().SelectMany(_ => ScenarioCatalog.All, (profile, scenario) => (profile, scenario.Name))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_profile_of_ours_fits_every_scenario(string profile, string scenario)
    {
        var found = ScenarioCatalog.Find(scenario)!;
        Assert.Empty(LoadProfile.Read(profile).For(found, new SettingsPart()).Problems(found));
    }

    [Fact]
    public void A_scenario_counts_more_than_the_default_and_the_command_line_more_than_both()
    {
        var profile = LoadProfile.Parse(
            """
            {
              "default": { "connections": 10, "durationSeconds": 20, "rate": 100, "thresholds": { "p99Ms": 5, "minRate": 90 } },
              // comments and trailing commas are for people
              "scenarios": { "echo": { "connections": 30, "rate": 0, "thresholds": { "p99Ms": 7 }, } },
            }
            """,
            "mine.json");

        var settings = profile.For(Echo, new SettingsPart { DurationSeconds = 1.5 });

        Assert.Equal("mine", profile.Name);
        Assert.Equal((30, 1.5, (double?)null), (settings.Connections, settings.DurationSeconds, settings.Rate));
        Assert.Equal((7.0, 90.0), (settings.Thresholds.P99Ms, settings.Thresholds.MinRate));
        Assert.Equal(100, profile.For(Swipe, new SettingsPart()).Rate);
    }

    [Theory]
    [InlineData("""{ "default": { "conections": 10 } }""", "default.conections", "unknown field")]
    [InlineData("""{ "defaults": { } }""", "defaults", "unknown field")]
    [InlineData("""{ "default": { "thresholds": { "p98Ms": 10 } } }""", "default.thresholds.p98Ms", "unknown field")]
    [InlineData("""{ "scenarios": { "echo": { "rates": 10 } } }""", "scenarios.echo.rates", "unknown field")]
    [InlineData("""{ "scenarios": { "ecko": { } } }""", "scenarios.ecko", "unknown scenario")]
    [InlineData("""{ "default": { "connections": "ten" } }""", "default.connections", "wrong type of value")]
    [InlineData("""{ "default": { "connections": 1.5 } }""", "default.connections", "wrong type of value")]
    [InlineData("""{ "default": { "connections": 1, "connections": 2 } }""", "connections", "uplicate")]
    [InlineData("""{ "default": { """, "line 1", "")]
    [InlineData("""{ "default": null }""", "default", "")]
    [InlineData("null", "expected a profile, found null", "")]
    [InlineData("", "line 1", "")]
    public void What_is_wrong_in_a_profile_is_told_by_file_and_field(string json, string field, string what)
    {
        var exception = Assert.Throws<ProfileException>(() => LoadProfile.Parse(json, "mine.json"));
        Assert.StartsWith("mine.json: ", exception.Message);
        Assert.Contains(field, exception.Message);
        Assert.Contains(what, exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_profile_that_is_not_there_is_told_with_those_that_are()
    {
        var exception = Assert.Throws<ProfileException>(() => LoadProfile.Read("/nowhere/mine.json"));
        Assert.Contains("/nowhere/mine.json", exception.Message);
        Assert.Contains("smoke", exception.Message);
    }

    [Fact]
    public void Everything_that_is_out_of_bounds_is_told_at_once()
    {
        var wrong = new SettingsPart
        {
            WarmUpSeconds = -1, DurationSeconds = double.NaN, Connections = 0, InFlight = 2, Processes = 100,
            Rate = double.PositiveInfinity, RampUpSeconds = -1,
            Thresholds = new Thresholds { MaxErrorShare = 2, P99Ms = 0, MinRate = -1, MaxLostConnections = -1 },
        };
        Assert.Equal(
            [
                "connections", "durationSeconds", "inFlight", "processes", "rampUpSeconds", "rate", "thresholds.maxErrorShare",
                "thresholds.maxLostConnections", "thresholds.minRate", "thresholds.p99Ms", "warmUpSeconds",
            ],
            wrong.Complete().Problems(Swipe).Select(problem => problem.Field).Order());
    }

    [Fact]
    public void A_scenario_is_not_driven_in_a_way_that_makes_no_sense()
    {
        Assert.Contains(Fields("idle", new SettingsPart()), field => field == "rate");
        Assert.Contains(Fields("thundering-herd", new SettingsPart { Rate = 10 }), field => field == "rate");
        Assert.Contains(Fields("mixed-day", new SettingsPart { InFlight = 2 }), field => field == "inFlight");
        Assert.Contains(Fields("echo", new SettingsPart { RampUpSeconds = 5 }), field => field == "rampUpSeconds");
        Assert.Contains(Fields("echo", new SettingsPart { Connections = 3, Processes = 4 }), field => field == "processes");
    }

    [Fact]
    public void There_is_at_least_one_robot_for_each_connection() =>
        Assert.Equal(5000, new SettingsPart { Connections = 5000, Robots = 100 }.Complete().Robots);

    private static IEnumerable<string> Fields(string scenario, SettingsPart part) =>
        part.Complete().Problems(ScenarioCatalog.Find(scenario)!).Select(problem => problem.Field);
}
