using System.Runtime.InteropServices;
using Swiper.Load.Measuring;
using Swiper.Load.Results;
using Swiper.Load.Scenarios;
using Swiper.Local;

namespace Swiper.Load.Running;

/// <summary>Merges the results of the workers into a report.</summary>
internal sealed class ReportBuilder(
    LoadPlan plan, string server, DateTimeOffset started, IReadOnlyList<WorkerMessage.Finished> results, IReadOnlyList<Interval> timeline,
    ServerWatch watch,
    MachineWatch machine)
{
    private const double MB = 1e6;

    // With fewer connections, the cost of each is lost in the noise of the host's memory.
    private const int EnoughConnections = 500;

    private readonly double _seconds = results.Max(result => result.MeasuredSeconds);

    public LoadReport Build()
    {
        var total = new Tally();
        foreach (var step in results.SelectMany(result => result.Steps.Append(result.Unsent)))
            total.Add(step.ToTally());
        var all = ToResult("all", total, results.Sum(result => result.Replies.Sum()));
        return new LoadReport
        {
            Scenario = plan.Scenario.Name,
            Profile = plan.Profile,
            Setting = Setting(),
            Started = started,
            Seconds = Math.Round(_seconds, 3),
            DuePerSecond = _seconds > 0 ? plan.DuePerSecond(0, _seconds) : null,
            Total = all,
            Unsent = Unsent,
            Steps = [.. plan.Scenario.Steps.Select((name, step) => Step(name, step))],
            Timeline = [.. timeline.Select(second => second with { LateErrors = LateErrors(second) })],
            Thresholds = new Verdict(plan.Scenario, plan.Settings.Thresholds)
            {
                Total = all,
                ExpectedPerSecond = PerSecond(results.Sum(result => result.ExpectedReplies)),
                LostConnections = Lost,
                EndOfServer = plan.Server.Ended.IsCompletedSuccessfully ? plan.Server.Ended.Result : null,
            }.Results(),
            Figures = Figures(),
        };
    }

    private long LateErrors(Interval second) =>
        second.IsWarmUp ? 0 : results.Sum(result => result.LateErrors.ElementAtOrDefault((int)Math.Ceiling(second.At) - 1));

    private long Unsent => results.Sum(result => result.Unsent.Codes.All());

    private long Lost => results.Sum(result => result.Lost);

    private StepResult Step(string name, int step)
    {
        var tally = new Tally();
        foreach (var result in results)
            tally.Add(result.Steps[step].ToTally());
        return ToResult(name, tally, results.Sum(result => result.Replies[step]));
    }

    private StepResult ToResult(string name, Tally tally, long replies)
    {
        var codes = tally.Codes.ToCounts();
        return new StepResult(
            name, codes.All(), PerSecond(replies), codes, tally.Latencies.ToLatency(), tally.Latencies.ToDistribution())
        {
            Replies = replies,
        };
    }

    private double PerSecond(long count) => _seconds > 0 ? Math.Round(count / _seconds, 3) : 0;

    private RunSetting Setting() => new(
        plan.Command, server, RuntimeInformation.OSDescription + ", " + RuntimeInformation.OSArchitecture, Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription, Repository.Commit(), plan.Settings.Processes, plan.Settings.Connections,
        plan.Settings.Rate,
        _seconds > 0 ? Math.Round(results.Sum(result => result.CpuSeconds) / _seconds, 2) : 0,
        watch.Cores.Count > 0 ? Math.Round(watch.Cores.Sum(process => process.Cores), 2) : null,
        machine.OtherCores is { } others ? Math.Round(others, 2) : null)
    {
        ServerProcesses = watch.Cores.Count > 1
            ? [.. watch.Cores.Select(process => process with { Cores = Math.Round(process.Cores, 2) })] : [],
    };

    private Dictionary<string, double> Figures()
    {
        var figures = new Dictionary<string, double>
        {
            ["connections held"] = results.Sum(result => result.Held),
            ["connections lost"] = Lost,
        };
        if (Unsent > 0)
            figures["due and never sent"] = Unsent;
        foreach (var figure in results.SelectMany(result => result.Figures).GroupBy(figure => figure.Name))
        {
            figures[figure.Key] =
                Math.Round(figure.First().Merge == FigureMerge.Sum ? figure.Sum(one => one.Value) : figure.Max(one => one.Value), 3);
        }
        if (watch is { MemoryBefore: { } before, MemoryConnected: { } connected, MemoryAtStart: { } start, MemoryAtEnd: { } end })
        {
            figures["host memory before connections, MB"] = Math.Round(before / MB, 1);
            figures["host memory with all connected, MB"] = Math.Round(connected / MB, 1);
            if (plan.Settings.Connections >= EnoughConnections)
                figures["host memory a connection, KB"] = Math.Round((connected - before) / 1e3 / plan.Settings.Connections, 1);
            figures["host memory at the start, MB"] = Math.Round(start / MB, 1);
            figures["host memory at the end, MB"] = Math.Round(end / MB, 1);
            figures["host memory growth, MB"] = Math.Round((end - start) / MB, 1);
        }
        return figures;
    }
}
