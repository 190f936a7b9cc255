using System.Text.Json;
using System.Text.RegularExpressions;
using Swiper.Local.Processes;

namespace Swiper.Tools.Tests.Deploy;

/// <summary>
/// The rules and the dashboard in `deploy`: Prometheus understands them, and they speak of metrics and paragraphs that there are.
/// </summary>
public sealed partial class MonitoringTests
{
    private static readonly string Rules = SharedFiles.InRepository("deploy", "prometheus", "rules.yml");
    private static readonly string Dashboard = SharedFiles.InRepository("deploy", "grafana", "swiper.json");
    private static readonly string Operations = File.ReadAllText(SharedFiles.InRepository("docs", "operations.md"));

    [Theory]
    [InlineData("check config", "prometheus.yml")]
    [InlineData("check rules", "rules.yml")]
    [InlineData("test rules", "tests.yml")]
    public Task Prometheus_takes_what_it_is_given(string command, string file) =>
        CheckAsync([.. command.Split(' '), SharedFiles.InRepository("deploy", "prometheus", file)]);

    [Fact]
    public void Every_alert_leads_to_a_paragraph_that_says_what_to_do_and_every_paragraph_is_of_an_alert()
    {
        var rules = File.ReadAllText(Rules);
        var alerts = Alert().Matches(rules).Select(match => match.Groups["name"].Value).ToArray();

        Assert.Equal(
            alerts.Select(alert => $"docs/operations.md#{alert.ToLowerInvariant()}"),
            Runbook().Matches(rules).Select(match => match.Groups["link"].Value));
        Assert.Equal(alerts.Order(), Paragraph().Matches(Operations).Select(match => match.Groups["name"].Value).Order());
        Assert.All(Paragraph().Matches(Operations), paragraph => Assert.InRange(paragraph.Groups["text"].Length, 100, 2_000));
    }

    [Fact]
    public async Task Every_alert_is_fired_by_the_tests_of_the_rules()
    {
        var tests = await File.ReadAllTextAsync(
            SharedFiles.InRepository("deploy", "prometheus", "tests.yml"), TestContext.Current.CancellationToken);

        Assert.All(
            Alert().Matches(await File.ReadAllTextAsync(Rules, TestContext.Current.CancellationToken)),
            alert => Assert.Contains($"alertname=\"{alert.Groups["name"].Value}\"", tests));
    }

    [Fact]
    public async Task Every_query_of_the_dashboard_is_one_that_Prometheus_can_read()
    {
        using var folder = new TemporaryFolder();
        var rules = folder.Write("queries.yml", "groups:\n- name: queries\n  rules:\n" + string.Concat(Queries().Select((query, index) =>
            $"  - record: query:{index}\n    expr: {JsonSerializer.Serialize(WithoutVariables(query))}\n")));

        await CheckAsync("check", "rules", rules);
    }

    [Fact]
    public void Every_metric_that_is_asked_for_is_in_the_tables_of_instruments()
    {
        var instruments = Instrument().Matches(Operations).Select(match => match.Groups["name"].Value.Replace('.', '_')).ToHashSet();
        var asked = Metric().Matches(File.ReadAllText(Rules)).Concat(Queries().SelectMany(query => Metric().Matches(query)))
            .Select(match => match.Value).Distinct();

        Assert.Equal([], asked.Where(metric => !instruments.Contains(Suffix().Replace(metric, ""))));
    }

    [Fact]
    public void Every_label_that_is_asked_for_is_an_attribute_of_its_metric()
    {
        string[] ofAll = ["job", "instance", "le"];
        var attributes = Operations.Split('\n').Where(line => Instrument().IsMatch(line))
            .SelectMany(row => Instrument().Matches(row).Select(name => (Metric: name.Groups["name"].Value.Replace('.', '_'), Row: row)))
            .ToDictionary(one => one.Metric, one => Word().Matches(one.Row).Select(word => word.Groups["name"].Value).ToHashSet());

        var wrong = Rule().Split(File.ReadAllText(Rules)).Concat(Queries())
            .Where(query => AnyMetric().IsMatch(query))
            .SelectMany(query => Label().Matches(query)
                .SelectMany(match => match.Groups["names"].Value.Split(", ")).Except(ofAll)
                .Except(AnyMetric().Matches(query)
                    .SelectMany(metric => attributes.GetValueOrDefault(Suffix().Replace(metric.Value, ""), [])))
                .Select(label => $"{label}: {query}"));

        Assert.Equal([], wrong);
    }

    [Fact]
    public void Every_panel_asks_the_data_source_that_the_import_was_told()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Dashboard));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToArray();

        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels.Where(panel => panel.GetProperty("type").GetString() != "row"), panel =>
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString()));
    }

    private static List<string> Queries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Dashboard));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .Where(panel => panel.TryGetProperty("targets", out _))
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!),
        ];
    }

    private static string WithoutVariables(string query) => query.Replace("$__rate_interval", "1m", StringComparison.Ordinal)
        .Replace("$instance", ".*", StringComparison.Ordinal).Replace("$op", ".*", StringComparison.Ordinal);

    private static async Task CheckAsync(params string[] arguments)
    {
        var run = await ProgramRun.OfAsync("promtool", arguments);
        Assert.True(run.ExitCode == 0, run.All);
    }

    [GeneratedRegex(@"- alert: (?<name>\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"runbook: (?<link>\S+)")]
    private static partial Regex Runbook();

    [GeneratedRegex(@"^### (?<name>Swiper\w+)\n(?<text>.+?)(?=^#)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Paragraph();

    // In the first column of a table, or after another one there.
    [GeneratedRegex(@"(?<=^\|[^|\n]*)`(?<name>swiper\.[a-z_.]+)`", RegexOptions.Multiline)]
    private static partial Regex Instrument();

    // A word of a row: attributes are, and so are their values.
    [GeneratedRegex(@"`(?<name>[a-z_]+)`")]
    private static partial Regex Word();

    // Where one rule ends and the next begins.
    [GeneratedRegex(@"- (?:alert|record): \S+")]
    private static partial Regex Rule();

    [GeneratedRegex("""by \((?<names>[^)]+)\)|(?<=[{ ])(?<names>\w+)(?==~?"|!=")|\$labels\.(?<names>\w+)""")]
    private static partial Regex Label();

    [GeneratedRegex("swiper_[a-z_]+")]
    private static partial Regex AnyMetric();

    // Not what the rules themselves record, whose names have colons.
    [GeneratedRegex(@"(?<![\w:])swiper_[a-z_]+(?![\w:])")]
    private static partial Regex Metric();

    // What Prometheus's names have besides those of instruments: the unit, and what kind of number it is.
    [GeneratedRegex("(_seconds|_bytes)?(_total|_bucket|_sum|_count)?$")]
    private static partial Regex Suffix();
}
