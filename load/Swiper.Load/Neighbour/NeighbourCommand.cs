using System.CommandLine;
using System.Globalization;
using Swiper.Load.Commands;
using Swiper.Local;
using Swiper.Local.Measuring;

namespace Swiper.Load.Neighbour;

/// <summary>`./swiper neighbour`: what a user notices of an account that attacks.</summary>
internal static class NeighbourCommand
{
    public const string Name = "neighbour";

    private const double Percentile = 99;

    // How many times longer a neighbour may wait beside an attack.
    private const double Bound = 5;

    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = new Option<double>("--seconds") { Description = "Length of one reading.", DefaultValueFactory = _ => 3 };
        var readings = new Option<int>("--readings")
        {
            Description = "Readings without and with each attack, in turns; the medians are shown.",
            DefaultValueFactory = _ => 5,
        };
        var robots = new Option<int>("--robots") { Description = "Users on the host.", DefaultValueFactory = _ => 20_000 };
        var filter = new Option<string[]>("--filter")
        {
            Description = "Only attacks whose name contains one of these words.",
            AllowMultipleArgumentsPerToken = true,
        };
        var noQuotas = new Option<bool>("--no-quotas") { Description = "Lift the quotas, so that only shares are left." };
        var host = new Option<string>("--host")
        {
            Description = "Swiper.Host.dll.",
            DefaultValueFactory = _ => Repository.ProgramOf("src", "Swiper.Host"),
        };
        var root = new RootCommand("Measures a user's latencies without and with each attack of another account.")
        {
            seconds,
            readings,
            robots,
            filter,
            noQuotas,
            host,
        };
        root.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(host)!, parsed.GetValue(robots), !parsed.GetValue(noQuotas), parsed.GetValue(filter) ?? [],
            TimeSpan.FromSeconds(parsed.GetValue(seconds)), Math.Max(1, parsed.GetValue(readings)), stop));
        return await ToolCommand.RunAsync(root, args);
    }

    private static async Task<int> RunAsync(
        string host, int robots, bool hasQuotas, string[] words, TimeSpan time, int readings, CancellationToken stop)
    {
        await using var run = await NeighbourRun.StartAsync(host, robots, hasQuotas, stop);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{Percentile}th percentiles without → with the attack: medians of {readings} readings of each, in turns, "
            + $"{time.TotalSeconds} s long\n\n"
            + $"| attack | ping | deck | swipe | within × {Bound} | refused |\n|---|---:|---:|---:|---|---:|"));
        var beyond = new List<string>();
        foreach (var attack in Attacks.All.Where(attack => words.Length == 0 || words.Any(attack.Name.Contains)))
        {
            await run.PrepareAsync(attack);
            var measured = new List<(Experience Without, Experience With)>();
            for (var reading = 0; reading < readings; reading++)
            {
                stop.ThrowIfCancellationRequested();
                measured.Add(await run.MeasureAsync(attack, time, apart: true));
            }
            Comparison[] compared =
            [
                Comparison.Of("ping", measured, static experience => experience.Pings),
                Comparison.Of("deck", measured, static experience => experience.Decks),
                Comparison.Of("swipe", measured, static experience => experience.Swipes),
            ];
            string[] slow = [.. compared.Where(static kind => kind.Ratio > Bound).Select(static kind => kind.Kind)];
            if (slow.Length > 0)
                beyond.Add($"{attack.Name} ({string.Join(", ", slow)})");
            await Console.Out.WriteLineAsync(
                $"| {attack.Name} | {string.Join(" | ", compared.Select(static kind => kind.ToString()))} "
                + $"| {(slow.Length == 0 ? "yes" : "**no**: " + string.Join(", ", slow))} "
                + $"| {measured.Sum(static pair => pair.With.Refusals.Count)} |");
        }
        await Console.Out.WriteLineAsync(beyond.Count == 0
            ? $"\nEverything stays within {Bound} times of what it is without."
            : $"\nMore than {Bound} times of what it is without: {string.Join("; ", beyond)}.");
        return ExitCode.Passed;
    }

    /// <summary>Medians of one kind of request.</summary>
    private sealed record Comparison(string Kind, double WithoutMs, double WithMs)
    {
        public double Ratio => WithMs / WithoutMs;

        public static Comparison Of(
            string kind, List<(Experience Without, Experience With)> measured, Func<Experience, LatencyHistogram> of) => new(
            kind, Median(measured.Select(pair => of(pair.Without))), Median(measured.Select(pair => of(pair.With))));

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{WithoutMs:0.00} → {WithMs:0.00} ms, × {Ratio:0.0}");

        private static double Median(IEnumerable<LatencyHistogram> readings)
        {
            double[] sorted = [.. readings.Select(static reading => reading.At(Percentile).TotalMilliseconds).Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }
}
