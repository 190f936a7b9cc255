using System.CommandLine;
using Spectre.Console;
using Swiper.Host;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Services;
using Swiper.Tools.Demo.Replay;

namespace Swiper.Tools.Demo;

/// <summary>The demo can't continue; the message is a single line.</summary>
internal sealed class DemoException(string message) : Exception(message);

/// <summary>`./swiper demo`: a host and robots on it, from the first login to the last match.</summary>
internal static class DemoCommand
{
    private const int Failed = 1;
    private const int Shards = 2;
    private const int Interrupted = 130; // as in shells for Ctrl+C

    public static Command Create()
    {
        var robots = new Option<int>("--robots")
        {
            Description = "number of robots", DefaultValueFactory = _ => 200, HelpName = "N",
        }.AtLeast(2);
        var seconds =
            new Option<int>("--seconds") { Description = "how long they swipe", DefaultValueFactory = _ => 10, HelpName = "N" }.AtLeast(1);
        var replay = new Option<string?>("--replay") { Description = "replay the decisions of a CSV instead", HelpName = "FILE" };
        var host = new Option<string?>("--host")
        {
            Description = "Swiper.Host.dll or a published host (the one beside this tool)",
            HelpName = "PATH",
        };

        var cluster = new Option<bool>("--cluster")
        {
            Description = $"run on {Shards} private MySQL shards and Redis, deleted afterwards",
        };
        var redisCluster = new Option<bool>("--redis-cluster") { Description = "with --cluster: a Redis Cluster of 3 nodes" };

        var command = new Command("demo", "Starts a host on a temporary folder, and robots that log in, swipe and match on it over TCP.")
        {
            robots, seconds, replay, host, cluster, redisCluster,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(redisCluster) && !result.GetValue(cluster))
                result.AddError("--redis-cluster needs --cluster");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var console = TerminalConsole.Create();
            try
            {
                Func<ChildHost, CancellationToken, Task<bool>> run = parsed.GetValue(replay) is { } file
                    ? new DecisionReplay(console, DecisionFile.Read(file)).RunAsync
                    : new SwipingDemo(console, parsed.GetValue(robots), TimeSpan.FromSeconds(parsed.GetValue(seconds))).RunAsync;
                await using var services = parsed.GetValue(cluster)
                    ? await ThrowawayServices.StartAsync("demo", Shards, parsed.GetValue(redisCluster), cancellation)
                    : null;
                using var folder = new ScratchFolder("swiper-demo", Path.GetTempPath());
                var plan = new HostPlan(parsed.GetValue(host) ?? HostPlan.BesideThisProgram, folder.Path)
                {
                    Cluster = services?.Cluster, Settings = [ClusterSettings.LongDeadline],
                };
                using var child = await ChildHost.StartAsync(plan, cancellation);
                console.MarkupLineInterpolated(
                    $"A host listens on {child.EndPoint} [grey](process {child.Id}, data in {child.Data})[/]");
                if (services is not null)
                    console.MarkupLineInterpolated($"It runs on {Describe(services.Cluster)} [grey](in {services.Folder})[/]");
                return await run(child, cancellation) ? 0 : Failed;
            }
            // Ctrl+C at a terminal reaches the host too, so the demo may notice the host's exit before its own signal.
            catch (Exception exception) when (cancellation.IsCancellationRequested
                && exception is (OperationCanceledException or DemoException or ServicesException))
            {
                await Console.Error.WriteLineAsync("swiper: interrupted");
                return Interrupted;
            }
            catch (Exception exception) when (exception is DemoException or HostException or DecisionFileException or ServicesException)
            {
                await Console.Error.WriteLineAsync($"swiper: {exception.Message}");
                return Failed;
            }
        });
        return command;
    }

    private static string Describe(ClusterSettings services) => services.Redis.Count == 1
        ? $"{services.Shards.Count} MySQL shards and Redis"
        : $"{services.Shards.Count} MySQL shards and a Redis Cluster of {services.Redis.Count} nodes";
}
