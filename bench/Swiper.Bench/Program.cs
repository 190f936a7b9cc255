using System.CommandLine;
using Swiper.Bench.Allocations;
using Swiper.Bench.Indexes;
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
    Description = "Only what needs MySQL and Redis, on private servers that are deleted afterwards.",
};
var list = new Option<bool>("--list") { Description = "Print the names and exit." };
var update = new Option<bool>("--update-allocations")
{
    Description = "Measure allocations only, and rewrite the budgets in bench/allocations.json.",
};
var memory = new Option<bool>("--memory") { Description = "Print what the embedded engine keeps in memory of users and swipes instead." };
var root = new RootCommand("Runs the in-process benchmarks: time and bytes allocated per operation.")
{
    filter, quick, cluster, list, update, memory,
};
root.SetAction(parsed => (parsed.GetValue(update), parsed.GetValue(memory)) switch
{
    (true, _) => AllocationUpdate.Run(),
    (_, true) => IndexMemory.Run(),
    _ => BenchRun.Run(
        new BenchOptions(parsed.GetValue(filter)!, parsed.GetValue(quick), parsed.GetValue(cluster), parsed.GetValue(list))),
});
ExitOnSignal.Enable();
var exitCode = await ToolCommand.RunAsync(root, args);
return ExitOnSignal.ExitCode ?? exitCode;
