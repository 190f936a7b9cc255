using System.Diagnostics;
using Swiper.Client;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;
using Swiper.Local.Robots;
using Swiper.Local.Services;

namespace Swiper.EndToEnd.Running;

/// <summary>The built server as a process of its own, and clients of it. What it writes is shown with a test that fails.</summary>
internal static class TestHost
{
    private const int SignInsAtOnce = 32;

    /// <summary>How to start a server that clients reach with and without TLS.</summary>
    /// <param name="data">Its folder.</param>
    /// <param name="settings">KEY=VALUE each.</param>
    public static HostPlan Plan(string data, params string[] settings)
    {
        var (age, test) = (Stopwatch.StartNew(), TestContext.Current.TestOutputHelper);
        return new HostPlan(HostPlan.BesideThisProgram, data)
        {
            Settings = settings,
            HasTls = true,
            OnLine = line => Show(test, $"{age.Elapsed.TotalSeconds:0.000} {line}"),
        };
    }

    /// <summary>Starts a server and waits until it takes connections.</summary>
    public static Task<ChildHost> StartAsync(string data, params string[] settings) => ChildHost.StartAsync(Plan(data, settings));

    /// <summary>Makes people in the folder of a server that is not running, and answers their tokens.</summary>
    public static Task<string[]> MakeRobotsAsync(ScratchFolder data, int count) =>
        RobotFactory.FillAsync(data, cluster: null, count, TestContext.Current.CancellationToken);

    /// <summary>Runs the server's program, with a command line of the test's own, to its end.</summary>
    public static Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.OfAsync(ToRun(arguments), Patience.Limit);

    /// <summary>The same on a cluster.</summary>
    public static Task<ProgramRun> RunAsync(ClusterSettings cluster, params string[] arguments)
    {
        var start = ToRun(arguments);
        cluster.Configure(start);
        return ProgramRun.OfAsync(start, Patience.Limit);
    }

    /// <summary>A connection of its own; pushes wait until they are read, and what is lost is told at once.</summary>
    public static Task<SwiperClient> ConnectAsync(this ChildHost host, Func<SwiperClientOptions, SwiperClientOptions>? change = null)
    {
        var options = new SwiperClientOptions
        {
            Host = "127.0.0.1",
            Port = host.EndPoint.Port,
            UseTls = false,
            Reconnect = false,
            RequestTimeout = Patience.Limit,
            ConnectTimeout = Patience.Limit,
            PushBuffer = 100_000,
        };
        return SwiperClient.ConnectAsync(change is null ? options : change(options));
    }

    /// <summary>Connects and signs in one client a token.</summary>
    public static async Task<SwiperClient[]> SignInAsync(
        this ChildHost host, IReadOnlyList<string> tokens, Func<SwiperClientOptions, SwiperClientOptions>? change = null)
    {
        var clients = new SwiperClient[tokens.Count];
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = SignInsAtOnce };
        await Parallel.ForAsync(0, tokens.Count, atOnce, async (index, cancellation) =>
        {
            clients[index] = await host.ConnectAsync(change);
            await clients[index].ResumeAsync(tokens[index], lastPushSeq: 0, cancellation);
        });
        return clients;
    }

    public static async Task DisposeAllAsync(this IEnumerable<SwiperClient> clients)
    {
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private static void Show(ITestOutputHelper? test, string line)
    {
        try
        {
            test?.WriteLine(line);
        }
        catch (InvalidOperationException)
        {
            // The test is over, and the host is not: it is a fixture's. Thrown on, this would end the reading of what it writes.
        }
    }

    private static ProcessStartInfo ToRun(string[] arguments) => new("dotnet", [HostPlan.BesideThisProgram, .. arguments]);
}
