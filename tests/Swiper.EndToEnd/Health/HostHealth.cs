using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Health;

/// <summary>What a balancer and a Prometheus are told by a host's ops port.</summary>
internal sealed partial class HostHealth : IDisposable
{
    private readonly HttpClient _port;

    private HostHealth(string address) =>
        _port = new HttpClient { BaseAddress = new Uri($"http://{address}"), Timeout = Patience.Limit };

    public static async Task<HostHealth> OfAsync(ChildHost host)
    {
        await Eventually.HoldsAsync(() => OpsPort().IsMatch(host.Output), "the address of the ops port");
        return new HostHealth(OpsPort().Match(host.Output).Groups["address"].Value);
    }

    /// <summary>
    /// Waits until the host says exactly these, such as "shard 1", and whether it is ready; both by health and by metrics.
    /// </summary>
    public async Task SaysAsync(bool isReady, params string[] reasons)
    {
        var waited = Stopwatch.StartNew();
        var said = "";
        try
        {
            await Eventually.HoldsAsync(async () => (said = await AskAsync()) == Line(isReady, reasons), "its health");
        }
        catch (Exception)
        {
            Assert.Fail($"It was to say {Line(isReady, reasons)}, and says {said}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{waited.Elapsed.TotalSeconds:0.0} s until: {said}");
        await Eventually.HoldsAsync(
            async () => await ReadAsync("swiper_health_ready{") == (isReady ? 1 : 0) && await HaveAsync(reasons),
            $"metrics that say: {said}");
    }

    /// <summary>Waits until the host says this one, whatever else it says.</summary>
    public async Task SaysAmongOthersAsync(string reason)
    {
        await Eventually.HoldsAsync(
            async () => (await AskAsync()).Contains(reason, StringComparison.Ordinal), $"its health names {reason}");
        await Eventually.HoldsAsync(() => HaveAsync([reason]), $"metrics that say: {reason}");
    }

    /// <summary>The value of a series, named as in the text.</summary>
    public async Task<double> ReadAsync(string series)
    {
        var line = (await _port.GetStringAsync("metrics")).Split('\n').Single(line => line.StartsWith(series, StringComparison.Ordinal));
        return double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
            System.Globalization.CultureInfo.InvariantCulture);
    }

    // Reasons of one kind are one series.
    private async Task<bool> HaveAsync(string[] reasons)
    {
        foreach (var kind in reasons.Select(reason => reason.Split(' ')[0]).Distinct())
        {
            if (await ReadAsync($"swiper_health_reason{{otel_scope_name=\"Swiper.Host\",reason=\"{kind}\"}}") != 1)
                return false;
        }

        return true;
    }

    public void Dispose() => _port.Dispose();

    private static string Line(bool isReady, IEnumerable<string> reasons) =>
        $"{(isReady ? "ready" : "not ready")}: {string.Join(", ", reasons.Order(StringComparer.Ordinal))}";

    private async Task<string> AskAsync()
    {
        using var response = await _port.GetAsync("health/ready");
        var health = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        var isReady = (bool)health["ready"]!;
        Assert.Equal(isReady ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);
        return Line(isReady, health["reasons"]!.AsArray().Select(reason => $"{reason!["what"]} {reason["which"]}".TrimEnd()));
    }

    [GeneratedRegex(@"Metrics are on http://(?<address>[\d.]+:\d+)/metrics")]
    private static partial Regex OpsPort();
}
