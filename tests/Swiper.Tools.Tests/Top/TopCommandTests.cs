using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.Tools.Tests.Top;

/// <summary>`./swiper top` beside hosts.</summary>
public sealed class TopCommandTests
{
    // What has not happened yet, and what only hosts of a cluster have.
    private static readonly string[] UnknownOfOneThatRests =
    [
        "requests.throttled_rate", "requests.p50_seconds", "requests.p99_seconds", "connections.accepted_rate", "connections.refused_rate",
        "connections.tls_failed_rate", "lanes.commits_rate", "lanes.batch_size", "lanes.commit_p50_seconds", "lanes.commit_p99_seconds",
        "index.lag_swipes", "index.lag_seconds", "index.untrusted_groups", "index.rebuilds", "index.redis_up", "follow_ups.failed_rate",
        "health.canary_redis_seconds", "health.canary_hosts_seconds",
    ];

    private const string NoAnswer = "no answer within 2 s";

    // In a shell.
    private static string Top => $"dotnet '{ToolRun.BuiltFile("Swiper.Tools.dll")}' top";

    [Fact]
    public async Task A_host_is_found_by_its_data_folder_and_tells_in_JSON_how_it_is()
    {
        using var data = new TemporaryFolder();
        using var host = await StartHostAsync(data, FreePorts.Find());
        using var client = new TcpClient();
        await client.ConnectAsync(host.EndPoint, TestContext.Current.CancellationToken);

        // Both rounds have an answer.
        var run = await RunUntilAsync(
            static told => told.GetProperty("total").GetProperty("process").GetProperty("cpu_cores").ValueKind == JsonValueKind.Number,
            "what the host does", "--data", data.Path, "--every", "0.5");

        Assert.True(run.ExitCode == 0, run.All);
        using var json = JsonDocument.Parse(run.Output);
        var only = Assert.Single(json.RootElement.GetProperty("hosts").EnumerateArray());
        Assert.Equal((data.File("ops.sock"), true), (only.GetProperty("host").GetString(), only.GetProperty("up").GetBoolean()));
        var total = json.RootElement.GetProperty("total");
        Assert.Equal(1, total.GetProperty("connections").GetProperty("open").GetDouble());
        Assert.InRange(total.GetProperty("process").GetProperty("memory_bytes").GetDouble(), 1e6, 1e12);
        Assert.InRange(total.GetProperty("process").GetProperty("cpu_cores").GetDouble(), 0, 1000);
        Assert.Equal(
            [],
            total.EnumerateObject().Where(part => part.Value.ValueKind == JsonValueKind.Object)
                .SelectMany(part => part.Value.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Null)
                    .Select(one => $"{part.Name}.{one.Name}"))
                .Except(UnknownOfOneThatRests));
        Assert.Equal(4, total.GetProperty("shards").GetArrayLength());
        Assert.Contains("swipe", total.GetProperty("ops").EnumerateArray().Select(op => op.GetProperty("op").GetString()));
        Assert.Equal(
            ["requests", "ops", "errors", "connections", "traffic", "process", "lanes", "shards", "index", "follow_ups", "health"],
            total.EnumerateObject().Select(part => part.Name));
    }

    [Fact]
    public async Task Hosts_that_are_away_hang_or_are_none_are_told_beside_the_one_that_is_well()
    {
        using var data = new TemporaryFolder();
        var (port, nobody) = (FreePorts.Find(), FreePorts.Find());
        using var host = await StartHostAsync(data, port);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var hanging = ((IPEndPoint)silent.LocalEndpoint).Port;

        var run = await RunUntilAsync(
            static told => told.GetProperty("hosts").EnumerateArray().Count(one => one.GetProperty("error").GetString() == NoAnswer) == 1,
            "only one that hangs", "--host", $"http://127.0.0.1:{port}", "--host", $"127.0.0.1:{nobody}",
            "--host", $"127.0.0.1:{hanging}", "--host", $"{host.EndPoint}", "--host", $"127.0.0.1:{port}/version", "--every", "0.1");

        Assert.True(run.ExitCode == 0, run.All);
        using var json = JsonDocument.Parse(run.Output);
        var hosts = json.RootElement.GetProperty("hosts").EnumerateArray().ToArray();
        Assert.Equal([true, false, false, false, false], hosts.Select(one => one.GetProperty("up").GetBoolean()));
        var errors = hosts.Select(one => one.GetProperty("error").GetString()).ToArray();
        Assert.Null(errors[0]);
        Assert.Equal("Connection refused", errors[1]);
        Assert.Equal(NoAnswer, errors[2]);
        Assert.NotEmpty(errors[3]!);
        Assert.StartsWith("what answers has no metrics: line 1: ", errors[4]);
    }

    [Fact]
    public async Task Where_no_host_answers_each_is_told_in_a_line_and_the_exit_code_says_so()
    {
        using var data = new TemporaryFolder();
        var nobody = FreePorts.Find();

        var run = await ToolRun.RunAsync(
            "top", "--host", $"127.0.0.1:{nobody}", "--data", data.Path, "--once", "--every", "0.1");

        Assert.Equal(69, run.ExitCode);
        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"swiper: 127.0.0.1:{nobody}: Connection refused", lines[0]);
        Assert.StartsWith($"swiper: {data.File("ops.sock")}: ", lines[1]);
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public async Task In_a_pipe_a_host_that_comes_goes_and_comes_back_is_a_line_a_round()
    {
        using var data = new TemporaryFolder();
        var port = FreePorts.Find();
        var last = new ConcurrentQueue<string>();
        using var top = StartTop(new ProcessStartInfo("dotnet"), line => last.Enqueue(line), $"127.0.0.1:{port}");

        await LineAsync(" 0/1 ");
        using (var host = await StartHostAsync(data, port))
        {
            await LineAsync(" 1/1 ");
            await host.KillAsync();
        }
        await LineAsync(" 0/1 ");
        using (await StartHostAsync(data, port))
        {
            await LineAsync(" 1/1 ");
            Signals.Send("INT", top.Id);
            Assert.Equal(0, await top.Ended.Soon());
        }

        Task LineAsync(string text) => Eventually.HoldsAsync(
            () => last.TryDequeue(out var line) && line.Contains(text, StringComparison.Ordinal), $"a line with{text}");
    }

    [Fact]
    public async Task It_ends_when_nobody_reads_its_lines_any_more()
    {
        var run = await ProgramRun.OfAsync(
            "bash", "-c", $"{Top} --host 127.0.0.1:{FreePorts.Find()} --every 0.1 | head -n 2");

        Assert.Equal((0, 2), (run.ExitCode, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Fact]
    public async Task On_a_terminal_it_is_a_live_view_that_keys_change_and_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the terminal is that of util-linux's script");
        using var data = new TemporaryFolder();
        var port = FreePorts.Find();
        using var host = await StartHostAsync(data, port);
        var start = new ProcessStartInfo("script") { RedirectStandardInput = true };
        start.Environment["TERM"] = "xterm";
        var screen = new ConcurrentQueue<string>();
        using var top = new ChildProcess(
            WithArguments(start, "-qefc", $"stty cols 80 rows 24; {Top} --host 127.0.0.1:{port} --every 0.1", "/dev/null"),
            screen.Enqueue);

        await ShownAsync("order: req/s");
        top.WriteLine("o");
        await ShownAsync("order: errors/s");
        top.WriteLine("h");
        await ShownAsync("memory");
        await ShownAsync($"127.0.0.1:{port}");
        top.WriteLine("q");
        Assert.Equal(0, await top.Ended.Soon());

        Task ShownAsync(string text) => Eventually.HoldsAsync(
            () => screen.TryDequeue(out var line) && line.Contains(text, StringComparison.Ordinal), $"'{text}' on the screen");
    }

    [Theory]
    [InlineData("swiper: --host: 'ftp://host' is not the URL of an ops port, such as http://127.0.0.1:7490", "--host", "ftp://host")]
    [InlineData("swiper: --every: 0 is not between 0.1 and 3600", "--every", "0")]
    [InlineData("swiper: --data: folder '/nowhere' does not exist", "--data", "/nowhere")]
    public async Task What_is_wrong_is_told_in_one_line(string problem, params string[] options)
    {
        var run = await ToolRun.RunAsync(["top", "--once", .. options]);

        Assert.Equal((2, problem, ""), (run.ExitCode, run.Errors.Trim(), run.Output));
    }

    /// <summary>Again until what it tells is so: on a busy machine a host may need longer than it is given.</summary>
    private static async Task<ProgramRun> RunUntilAsync(Func<JsonElement, bool> isSo, string what, params string[] options)
    {
        ProgramRun? run = null;
        await Eventually.HoldsAsync(async () =>
        {
            run = await ToolRun.RunAsync(["top", "--once", "--json", .. options]);
            using var told = JsonDocument.Parse(run.Output);
            return isSo(told.RootElement);
        }, what);
        return run!;
    }

    private static Task<ChildHost> StartHostAsync(TemporaryFolder data, int opsPort) => ChildHost.StartAsync(
        new HostPlan(HostPlan.BesideThisProgram, data.Path) { Settings = [$"Ops:Port={opsPort}"] }, TestContext.Current.CancellationToken);

    private static ChildProcess StartTop(ProcessStartInfo start, Action<string> onLine, string host) => new(
        WithArguments(start, ToolRun.BuiltFile("Swiper.Tools.dll"), "top", "--host", host, "--every", "0.1"), onLine);

    private static ProcessStartInfo WithArguments(ProcessStartInfo start, params string[] arguments)
    {
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }
}
