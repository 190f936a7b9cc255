using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Monitoring;

/// <summary>
/// Debian's Prometheus with the rules of `deploy/prometheus`, which differ only in their patience: it asks once a second, and a fault
/// need not last for minutes.
/// </summary>
internal sealed partial class PrometheusServer : IDisposable
{
    private readonly ScratchFolder _folder = new("prometheus");
    private readonly HttpClient _api;
    private readonly ChildProcess _process;

    private PrometheusServer(int[] opsPorts)
    {
        var port = FreePorts.Find();
        File.WriteAllText(
            Path.Combine(_folder, "rules.yml"),
            Hasten(File.ReadAllText(SharedFiles.InRepository("deploy", "prometheus", "rules.yml"))));
        File.WriteAllText(Path.Combine(_folder, "prometheus.yml"), $"""
            global: {"{"}scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s{"}"}
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: swiper
                static_configs: [{"{"}targets: [{string.Join(", ", opsPorts.Select(InstanceOf))}]{"}"}]
            """);
        _process = new ChildProcess(new ProcessStartInfo("prometheus",
        [
            $"--config.file={Path.Combine(_folder, "prometheus.yml")}", $"--storage.tsdb.path={Path.Combine(_folder, "data")}",
            $"--web.listen-address=127.0.0.1:{port}",
        ]));
        _api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/"), Timeout = Patience.Limit };
    }

    /// <summary>What Prometheus calls the host with that ops port.</summary>
    public static string InstanceOf(int opsPort) => $"127.0.0.1:{opsPort}";

    /// <summary>Starts it, and returns when it has seen all hosts.</summary>
    public static async Task<PrometheusServer> StartAsync(params int[] opsPorts)
    {
        var server = new PrometheusServer(opsPorts);
        try
        {
            await Eventually.HoldsAsync(
                async () => await server.CountAsync("up == 1") == opsPorts.Length, $"Prometheus sees {opsPorts.Length} hosts");
            return server;
        }
        catch
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', server._process.Lines));
            server.Dispose();
            throw;
        }
    }

    /// <summary>Returns when the alert fires, of those instances at least.</summary>
    public Task FiresAsync(string alert, params string[] instances) => Eventually.HoldsAsync(
        async () => instances.ToHashSet().IsSubsetOf((await FiringAsync()).Where(one => one.Alert == alert).Select(one => one.Instance)),
        $"{alert} fires for {string.Join(", ", instances)}");

    /// <summary>Returns when the alert fires of that instance and of no other: one that a pause has made fire ends again.</summary>
    public Task FiresForAloneAsync(string alert, string instance) => Eventually.HoldsAsync(
        async () => (await FiringAsync()).Where(one => one.Alert == alert).Select(one => one.Instance).SequenceEqual([instance]),
        $"{alert} fires for {instance} alone");

    /// <summary>Returns when the alert fires for nobody any more.</summary>
    public Task EndsAsync(string alert) => Eventually.HoldsAsync(
        async () => !(await FiringAsync()).Any(one => one.Alert == alert), $"{alert} ends");

    /// <summary>The alerts that fire now.</summary>
    public async Task<IReadOnlyCollection<(string Alert, string Instance)>> FiringAsync()
    {
        using var answer = await AskAsync("alerts");
        return
        [
            .. answer?.RootElement.GetProperty("data").GetProperty("alerts").EnumerateArray()
                .Where(alert => alert.GetProperty("state").GetString() == "firing")
                .Select(alert => alert.GetProperty("labels"))
                .Select(labels => (labels.GetProperty("alertname").GetString()!,
                    labels.TryGetProperty("instance", out var instance) ? instance.GetString()! : "")) ?? [],
        ];
    }

    public void Dispose()
    {
        _process.Dispose();
        _api.Dispose();
        _folder.Dispose();
    }

    private async Task<int> CountAsync(string query)
    {
        using var answer = await AskAsync($"query?query={Uri.EscapeDataString(query)}");
        return answer?.RootElement.GetProperty("data").GetProperty("result").GetArrayLength() ?? 0;
    }

    // Null before it listens.
    private async Task<JsonDocument?> AskAsync(string path)
    {
        Assert.True(_process.ExitCode is null, string.Join('\n', _process.Lines));
        try
        {
            return await _api.GetFromJsonAsync<JsonDocument>(path);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static string Hasten(string rules)
    {
        rules = Minutes().Replace(rules, "10s");
        rules = LongerThan().Replace(rules, "for: 1s");
        return LateBy().Replace(rules, "> 4");
    }

    // The windows of rates, and as far back as something is looked for.
    [GeneratedRegex(@"(?<=\[|offset )\d+m")]
    private static partial Regex Minutes();

    // Of what is measured in seconds.
    [GeneratedRegex(@"(?<=expr: swiper_(canary_age_seconds\{path=""redis""\}|index_lag_duration_seconds) )> 10")]
    private static partial Regex LateBy();

    [GeneratedRegex(@"for: \d+[smh]")]
    private static partial Regex LongerThan();
}
