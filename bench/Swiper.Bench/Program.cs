using System.CommandLine;
using Swiper.Bench.Allocations;
using Swiper.Bench.Running;
using Swiper.Local;
using Swiper.Local.Processes;

var filter = new Option<string[]>("--filter")
{
    Description = "Only benchmarks whose name fits one of these globs, such as '*Codec*'.",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => ["*"],
};
var quick = new Option<bool>("--quick") { Description = "Short readings in one process: good for allocations and orders of magnitude." };
var cluster = new Option<bool>("--cluster") { Description = "The repositories of the cluster instead, on MySQL and Redis of their own." };
var list = new Option<bool>("--list") { Description = "Only print the names." };
var update = new Option<bool>("--update-allocations")
{
    Description = "Measure nothing but bytes, and write what is allowed from now on to bench/allocations.json.",
};
var root =
    new RootCommand("Measures what runs in one process: time and bytes allocated an operation.") { filter, quick, cluster, list, update };
root.SetAction(parsed => parsed.GetValue(update) ? AllocationUpdate.Run() : BenchRun.Run(new BenchOptions(
    parsed.GetValue(filter)!, parsed.GetValue(quick), parsed.GetValue(cluster), parsed.GetValue(list))));
ExitOnSignal.Enable();
var exitCode = await ToolCommand.RunAsync(root, args);
return ExitOnSignal.ExitCode ?? exitCode;
