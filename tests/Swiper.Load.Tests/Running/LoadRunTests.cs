using System.Diagnostics;
using Swiper.Load.Results;
using Swiper.Load.Running;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.Load.Tests.Running;

public sealed class LoadRunTests(SharedServer shared)
{
    [Fact]
    public async Task Several_processes_make_one_load_and_one_report()
    {
        var plan = Plans.Of("leaderboard", shared.Server, new() { Processes = 2, Connections = 5, Rate = 200, DurationSeconds = 2 });
        var seconds = new List<Interval>();

        var report = await new LoadRun(plan, (second, _) => seconds.Add(second)).RunAsync(CancellationToken.None);

        // The shares of the processes add up to the rate, to within one request each.
        Assert.InRange(report.Total.Count, 398, 402);
        Assert.Equal([0], report.Total.Codes.Keys);
        Assert.Equal(report.Total.Count, report.Total.Distribution.Sum(bucket => bucket.Count));
        Assert.Equal(5, report.Figures["connections held"]);
        Assert.Equal([1.0, 2.0], seconds.Select(second => Math.Round(second.At)));
        Assert.All(seconds, second => Assert.Equal(5, second.Connections));
        Assert.Equal(seconds, report.Timeline);
    }

    [Fact]
    public async Task What_was_due_while_the_rate_still_climbed_is_the_ramp_and_not_the_rate()
    {
        var plan = Plans.Of("ping", shared.Server, new()
        {
            Rate = 200,
            RampUpSeconds = 2,
            WarmUpSeconds = 1,
            DurationSeconds = 2,
            Processes = 2,
        });
        var report = await new LoadRun(plan, (_, _) => { }).RunAsync(CancellationToken.None);

        Assert.Equal([50.0, 150.0, 200.0], report.Timeline.Select(second => second.DuePerSecond!.Value));
        Assert.Equal(175, report.DuePerSecond);
        // To within one for each process.
        Assert.InRange(report.Total.Count, 348, 352);
        Assert.Equal(200, report.Setting.Rate);
    }

    [Fact]
    public async Task On_a_cluster_the_report_tells_the_processors_of_the_host_and_of_each_database()
    {
        await using var server = await LocalServer.StartAsync(HostPlan.BesideThisProgram, robots: 100, isDevelopment: true,
            onCluster: true, CancellationToken.None);

        var report = await new LoadRun(Plans.Of("swipe", server.Server, new() { DurationSeconds = 5 }), (_, _) => { })
            .RunAsync(CancellationToken.None);

        Assert.Equal(["host", "mysql-0", "mysql-1", "redis-0"], report.Setting.ServerProcesses.Select(process => process.Name));
        Assert.All(report.Setting.ServerProcesses, process => Assert.InRange(process.Cores, 0, Environment.ProcessorCount));
        Assert.Equal(report.Setting.ServerProcesses.Sum(process => process.Cores), report.Setting.ServerCores!.Value, tolerance: 0.03);
        Assert.True(report.Setting.ServerCores > report.Setting.ServerProcesses[0].Cores);
    }

    [Fact]
    public async Task What_ends_while_warming_up_is_shown_and_not_counted()
    {
        var plan = Plans.Of("ping", shared.Server, new() { Rate = 100, WarmUpSeconds = 4, DurationSeconds = 1 });
        var report = await new LoadRun(plan, (_, _) => { }).RunAsync(CancellationToken.None);

        Assert.Equal(100, report.Total.Count);
        Assert.Equal([-3.0, -2.0, -1.0, 0.0, 1.0], report.Timeline.Select(second => Math.Round(second.At)));
        Assert.True(report.Timeline.Where(second => second.At <= 0).Sum(second => second.Codes.All()) > 0);
    }

    [Fact]
    public async Task A_runner_process_that_dies_fails_the_run_and_says_so()
    {
        await using var worker = new ChildWorker(2, Plans.Of("echo", shared.Server, new() { DurationSeconds = 600 }).Shares()[0]);
        Assert.IsType<WorkerMessage.Connected>(await worker.Messages.ReadAsync());
        worker.Start(Stopwatch.GetTimestamp());
        Assert.IsType<WorkerMessage.Second>(await worker.Messages.ReadAsync());

        using (var process = Process.GetProcessById(worker.ProcessId))
            process.Kill();

        var last = await worker.Messages.ReadAllAsync().LastAsync();
        Assert.StartsWith("runner process 2 died with exit code 137", Assert.IsType<WorkerMessage.Failed>(last).Reason);
    }

    [Fact]
    public async Task What_others_take_is_told_where_the_system_tells_it()
    {
        var report = await new LoadRun(Plans.Of("ping", shared.Server, new()), (_, _) => { }).RunAsync(CancellationToken.None);

        Assert.Equal(OperatingSystem.IsLinux(), report.Setting.OtherCores >= 0);
    }

    [Fact]
    public async Task What_others_take_is_not_known_where_the_server_may_be_one_of_them()
    {
        var report = await new LoadRun(Plans.Of("ping", shared.Server with { Processes = ServerGroup.None }, new()), (_, _) => { })
            .RunAsync(CancellationToken.None);

        Assert.Null(report.Setting.OtherCores);
    }

    [Fact]
    public async Task A_run_that_is_stopped_reports_what_it_measured_until_then()
    {
        using var stop = new CancellationTokenSource();
        var plan = Plans.Of("ping", shared.Server, new() { Rate = 100, DurationSeconds = 600 });

        var report = await new LoadRun(plan, (second, _) =>
        {
            if (second.At >= 1)
                stop.Cancel();
        }).RunAsync(stop.Token);

        Assert.True(report.Interrupted);
        Assert.InRange(report.Seconds, 1, 300);
        // After an interrupt requests in flight get less time than at a normal end.
        Assert.True(report.Total.Codes[0] > 0);
        Assert.All(report.Total.Codes.Keys, code => Assert.True(code is 0 or StepResult.NoReply, $"code {code}"));
        Assert.True(report.Total.Count >= 100);
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_warming_up_measured_nothing_and_owes_nothing()
    {
        using var stop = new CancellationTokenSource();
        var plan = Plans.Of("ping", shared.Server, new() { Rate = 100, WarmUpSeconds = 600, DurationSeconds = 1 });

        var report = await new LoadRun(plan, (_, _) => stop.Cancel()).RunAsync(stop.Token);

        Assert.True(report.Interrupted);
        Assert.Equal(0, report.Seconds);
        Assert.Null(report.DuePerSecond);
    }

    [Fact]
    public async Task A_run_that_is_stopped_before_it_began_has_no_report()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new LoadRun(Plans.Of("ping", shared.Server, new()), (_, _) => { }).RunAsync(stop.Token));
    }

    [Fact]
    public async Task A_host_that_dies_ends_the_run_and_the_report_says_how()
    {
        await using var server = await SharedServer.StartOwnAsync();
        var plan = Plans.Of("ping", server.Server, new() { Rate = 200, DurationSeconds = 600 });

        var report = await new LoadRun(plan, (second, _) =>
        {
            if (second.At != 1)
                return;
            using var host = Process.GetProcessById(server.Server.Processes.Members[0].Process);
            host.Kill();
        }).RunAsync(CancellationToken.None);

        Assert.False(report.Passed);
        Assert.Equal("exited with code 137",
            Assert.Single(report.Thresholds, threshold => threshold.Rule == "server ran to the end").Actual);
        Assert.True(report.Seconds < 600);
        Assert.False(report.Interrupted);
        // Each connection notices on its own; the run does not wait for the last of the four.
        Assert.InRange(report.Figures["connections lost"], 1, 4);
    }

    [Fact]
    public async Task A_server_that_nobody_answers_at_is_told()
    {
        var server = new LoadServer { EndPoint = new("127.0.0.1", 1) };
        var exception = await Assert.ThrowsAsync<LoadException>(() =>
            new LoadRun(Plans.Of("echo", server, new()), (_, _) => { }).RunAsync(CancellationToken.None));
        Assert.Contains("0 of 4 connections", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Shares_of_processes_are_all_there_is_and_nobody_has_two()
    {
        var tokens = Enumerable.Range(0, 100).Select(number => $"token {number}").ToList();
        var server = new LoadServer { EndPoint = new("127.0.0.1", 1), Tokens = tokens };
        var shares = Plans.Of("ping", server, new() { Connections = 10, Processes = 3, Rate = 100 }).Shares();

        Assert.Equal([4, 3, 3], shares.Select(share => share.Connections));
        Assert.Equal(100, shares.Sum(share => share.Rate!.Value), 6);
        Assert.Equal(tokens.Order(), shares.SelectMany(share => share.Tokens).Order());
    }
}
