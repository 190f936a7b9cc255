using System.CommandLine;
using Swiper.Compare.Commands;
using Swiper.Compare.Rows;
using Swiper.Local;
using Swiper.Local.Processes;

var rounds = new Option<int>("--rounds") { Description = "Rounds; the report shows their medians.", DefaultValueFactory = _ => 5 };
var seconds = new Option<double>("--seconds") { Description = "Length of one reading, in seconds.", DefaultValueFactory = _ => 2 };
var filter = new Option<string[]>("--filter")
{
    Description = "Only rows whose name contains one of these words.",
    AllowMultipleArgumentsPerToken = true,
};
var json = new Option<string?>("--json") { Description = "Write all figures, including those of each round, to a file." };
var host = new Option<string>("--host")
{
    Description = "Swiper.Host.dll.", DefaultValueFactory = _ =>
    Repository.ProgramOf("src", "Swiper.Host")
};
var robots = new Option<int>("--robots") { Description = "Users in the measured store.", DefaultValueFactory = _ => 20_000 };
var cluster = new Option<bool>("--cluster") { Description = "Run Swiper on MySQL shards and Redis, against those databases alone." };
var settings = new Option<string[]>("--set") { Description = "An option for every measured host, as KEY=VALUE." };
var ancestor = new Option<bool>("--ancestor")
{
    Description = "Each operation by itself against the ancestor's figures, and how many daily users the machine can serve.",
};
var write = new Option<bool>("--write") { Description = "Write the report into its part of docs/performance.md." };
var rivalsOnly = new Option<bool>("--rivals-only") { Description = "Leave Swiper out, to show what machine and load client can do." };
var root = new RootCommand("Measures Swiper against its rivals, interleaved.") { rounds, seconds, filter, json, host, robots, settings,
    cluster, ancestor, write, rivalsOnly };
root.SetAction(parsed => CompareCommand.Run(new CompareOptions(
    parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(filter) ?? [], parsed.GetValue(json),
    parsed.GetValue(host)!, parsed.GetValue(robots), parsed.GetValue(rivalsOnly), parsed.GetValue(cluster))
{
    Settings = parsed.GetValue(settings) ?? [],
    OfAncestor = parsed.GetValue(ancestor),
    Write = parsed.GetValue(write),
}));

// A single load against a running server, for a profiler or a second look.
var target = new Option<int>("--port") { Required = true };
var process = new Option<int>("--process") { Description = "The server's process id; its CPU time is read.", Required = true };
var connections = new Option<int>("--connections") { DefaultValueFactory = _ => Loads.Connections };
var inFlight = new Option<int>("--in-flight")
{
    Description = "Requests in flight per connection.",
    DefaultValueFactory = _ => Loads.Pipelined,
};
var bare = new Option<bool>("--bare") { Description = "The server echoes raw bytes and has no framing." };
var load =
    new Command("load", "Send 32-byte echoes to a server on this machine.") { target, process, connections, inFlight, seconds, bare };
load.SetAction(parsed => LoadCommand.Run(
    parsed.GetValue(target), parsed.GetValue(process), parsed.GetValue(connections), parsed.GetValue(inFlight),
    TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(bare)));
root.Subcommands.Add(load);

ExitOnSignal.Enable();
var exitCode = await ToolCommand.RunAsync(root, args);
return ExitOnSignal.ExitCode ?? exitCode;
