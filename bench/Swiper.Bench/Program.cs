using System.CommandLine;
using Swiper.Bench.Allocations;
using Swiper.Bench.Running;
using Swiper.Local;
using Swiper.Local.Processes;

var filter = new Option<string[]>("--filter")
{
    Description = "Only benchmarks whose name matches one of these globs, such as '*Codec*'.",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => ["*"],
};
var quick = new Option<bool>("--quick") { Description = "Short readings in one process: good for allocations and orders of magnitude." };
var cluster = new Option<bool>("--cluster")
{
    Description = "Only the repositories, on private MySQL shards and Redis that are deleted afterwards.",
};
var list = new Option<bool>("--list") { Description = "Print the names and exit." };
var update = new Option<bool>("--update-allocations")
{
    Description = "Measure allocations only, and rewrite the budgets in bench/allocations.json.",
};
var root =
    new RootCommand("Runs the in-process benchmarks: time and bytes allocated per operation.") { filter, quick, cluster, list, update };
root.SetAction(parsed => parsed.GetValue(update) ? AllocationUpdate.Run() : BenchRun.Run(new BenchOptions(
    parsed.GetValue(filter)!, parsed.GetValue(quick), parsed.GetValue(cluster), parsed.GetValue(list))));
ExitOnSignal.Enable();
var exitCode = await ToolCommand.RunAsync(root, args);
return ExitOnSignal.ExitCode ?? exitCode;
