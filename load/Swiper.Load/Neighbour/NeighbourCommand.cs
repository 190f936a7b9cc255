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

    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = new Option<double>("--seconds") { Description = "Length of one reading.", DefaultValueFactory = _ => 5 };
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
            robots,
            filter,
            noQuotas,
            host,
        };
        root.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(host)!, parsed.GetValue(robots), !parsed.GetValue(noQuotas), parsed.GetValue(filter) ?? [],
            TimeSpan.FromSeconds(parsed.GetValue(seconds)), stop));
        return await ToolCommand.RunAsync(root, args);
    }

    private static async Task<int> RunAsync(
        string host, int robots, bool hasQuotas, string[] words, TimeSpan time, CancellationToken stop)
    {
        await using var run = await NeighbourRun.StartAsync(host, robots, hasQuotas, stop);
        await Console.Out.WriteLineAsync("| attack | ping | deck | swipe | refused |\n|---|---:|---:|---:|---:|");
        foreach (var attack in Attacks.All.Where(attack => words.Length == 0 || words.Any(attack.Name.Contains)))
        {
            stop.ThrowIfCancellationRequested();
            var (without, with) = await run.MeasureAsync(attack, time, apart: true);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {attack.Name} | {Compare(without.Pings, with.Pings)} | {Compare(without.Decks, with.Decks)} "
                + $"| {Compare(without.Swipes, with.Swipes)} | {with.Refusals.Count} |"));
        }
        return ExitCode.Passed;
    }

    private static string Compare(LatencyHistogram without, LatencyHistogram with)
    {
        var (before, after) = (without.At(Percentile).TotalMilliseconds, with.At(Percentile).TotalMilliseconds);
        return string.Create(CultureInfo.InvariantCulture, $"{before:0.00} → {after:0.00} ms, × {after / before:0.0}");
    }
}
