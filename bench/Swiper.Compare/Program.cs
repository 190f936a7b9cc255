using System.CommandLine;
using Swiper.Compare.Commands;
using Swiper.Compare.Rows;
using Swiper.Local;
using Swiper.Local.Processes;

var rounds = new Option<int>("--rounds") { Description = "Rounds whose medians are told.", DefaultValueFactory = _ => 5 };
var seconds = new Option<double>("--seconds") { Description = "Seconds that one reading takes.", DefaultValueFactory = _ => 2 };
var filter = new Option<string[]>("--filter")
{
    Description = "Only rows whose name holds one of these words.",
    AllowMultipleArgumentsPerToken = true,
};
var json = new Option<string?>("--json") { Description = "A file that gets all figures." };
var host = new Option<string>("--host")
{
    Description = "Swiper.Host.dll.", DefaultValueFactory = _ =>
    Repository.ProgramOf("src", "Swiper.Host")
};
var robots = new Option<int>("--robots") { Description = "Users that the measured store has.", DefaultValueFactory = _ => 20_000 };
var cluster = new Option<bool>("--cluster") { Description = "Swiper on MySQL shards and Redis, beside what those do by themselves." };
var settings = new Option<string[]>("--set") { Description = "An option of every measured host, as KEY=VALUE." };
var ancestor = new Option<bool>("--ancestor")
{
    Description = "Each operation by itself beside the ancestor's figures, and how many daily users the machine carries.",
};
var write = new Option<bool>("--write") { Description = "Put the report into its part of docs/performance.md, whose other text stays." };
var rivalsOnly = new Option<bool>("--rivals-only") { Description = "Leave Swiper out: shows what the machine and the load client do." };
var root = new RootCommand("Measures Swiper beside its rivals, interleaved.") { rounds, seconds, filter, json, host, robots, settings,
    cluster, ancestor, write, rivalsOnly };
root.SetAction(parsed => CompareCommand.Run(new CompareOptions(
    parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(filter) ?? [], parsed.GetValue(json),
    parsed.GetValue(host)!, parsed.GetValue(robots), parsed.GetValue(rivalsOnly), parsed.GetValue(cluster))
{
    Settings = parsed.GetValue(settings) ?? [],
    OfAncestor = parsed.GetValue(ancestor),
    Write = parsed.GetValue(write),
}));

// One load on a server that runs already, for a profiler or a second look.
var target = new Option<int>("--port") { Required = true };
var process = new Option<int>("--process") { Description = "The server's process id, whose processor time is read.", Required = true };
var connections = new Option<int>("--connections") { DefaultValueFactory = _ => Loads.Connections };
var inFlight = new Option<int>("--in-flight")
{
    Description = "Requests in flight a connection.",
    DefaultValueFactory = _ => Loads.Pipelined,
};
var bare = new Option<bool>("--bare") { Description = "The server gives back bytes and knows no frames." };
var load =
    new Command("load", "Put 32-byte echoes on a server on this machine.") { target, process, connections, inFlight, seconds, bare };
load.SetAction(parsed => LoadCommand.Run(
    parsed.GetValue(target), parsed.GetValue(process), parsed.GetValue(connections), parsed.GetValue(inFlight),
    TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(bare)));
root.Subcommands.Add(load);

ExitOnSignal.Enable();
var exitCode = await ToolCommand.RunAsync(root, args);
return ExitOnSignal.ExitCode ?? exitCode;
