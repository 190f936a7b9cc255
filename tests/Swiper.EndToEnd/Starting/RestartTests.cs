using System.Globalization;
using System.Text.RegularExpressions;
using Swiper.EndToEnd.Health;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Starting;

/// <summary>
/// SIGHUP and `restart`: another process takes the place of the host. SWIPER_RESTARTS says how many times in a row under load.
/// </summary>
public sealed partial class RestartTests
{
    private const int People = 2_000;
    private const int AnswersBetween = 2_000;

    [Theory]
    [InlineData("epoll", 2)]
    [InlineData("sockets", 1)]
    public async Task Nobody_notices_that_another_process_serves(string transport, int times)
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, People);
        using var host = await TestHost.StartAsync(data, $"Listen:Transport={transport}");
        await using var users = await UnawareUsers.ArriveAsync([host.EndPoint], tokens);
        for (var restart = Budget.Of("SWIPER_RESTARTS", times); restart > 0; restart--)
        {
            await users.AnswersAsync(AnswersBetween);
            var before = host.Id;
            host.HangUp();
            await IsReplacedAsync(host, before);
        }
        await users.AnswersAsync(AnswersBetween);
        await users.StopAsync();
        await host.TerminateAsync();

        await users.VerifyAsync(Truth.Read(data));
    }

    [Fact]
    public async Task While_the_old_process_drains_its_ops_port_says_so_and_then_that_of_the_new_one_answers()
    {
        using var data = new ScratchFolder("end-to-end");
        using var gateway = new HungGateway();
        using var host = await TestHost.StartAsync(data, gateway.Settings);
        using var health = await HostHealth.OfAsync(host);
        var before = host.Id;
        var asking = await gateway.OccupyAsync(host);

        host.HangUp();
        await SuccessorAsync(host);

        await health.SaysAsync(isReady: false, "draining");
        Assert.Equal(1, await health.ReadAsync("swiper_connections_open{"));
        gateway.LetGo();
        await asking.WaitAsync(Patience.Limit);
        await IsReplacedAsync(host, before);
        // The same port: it was chosen by the kernel.
        await health.SaysAsync(isReady: true);
        await AnswersAsync(host);
    }

    [Fact]
    public async Task Restart_returns_when_another_process_serves_and_says_which()
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        var before = host.Id;

        var run = await TestHost.RunAsync("restart", "--data", data);

        await Eventually.HoldsAsync(() => host.Id != before, "its log line is read");
        Assert.Equal((0, "", $"process {host.Id} serves in place of process {before}"), (run.ExitCode, run.Errors, run.Output.TrimEnd()));
        await AnswersAsync(host);
        await host.TerminateAsync();
        Assert.Equal(69, (await TestHost.RunAsync("restart", "--data", data)).ExitCode);
    }

    [Fact]
    public async Task Options_with_which_no_host_would_start_leave_the_old_process_serving_and_are_named()
    {
        using var data = new ScratchFolder("end-to-end");
        using var files = new ScratchFolder("end-to-end");
        using var certificates = new Certificates();
        var (chain, key) = (Path.Combine(files, "chain.pem"), Path.Combine(files, "key.pem"));
        certificates.WriteLeaf("CN=localhost", chain, key);
        using var host = await TestHost.StartAsync(data, $"Tls:CertificatePath={chain}", $"Tls:KeyPath={key}");
        var before = host.Id;

        File.Move(key, key + ".away");
        host.HangUp();
        await HasLoggedAsync(host, "goes on serving");
        var refused = await TestHost.RunAsync("restart", "--data", data);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"Tls:KeyPath: there is no file '{key}'", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(before, host.Id);
        await AnswersAsync(host);
        File.Move(key + ".away", key);
        host.HangUp();
        await IsReplacedAsync(host, before);
        await AnswersAsync(host);
    }

    [Fact]
    public async Task A_new_process_that_dies_with_everything_handed_over_leaves_the_old_one_serving_again()
    {
        using var data = new ScratchFolder("end-to-end");
        using var gateway = new HungGateway();
        var tokens = await TestHost.MakeRobotsAsync(data, 1);
        using var host = await TestHost.StartAsync(data, gateway.Settings);
        var before = host.Id;
        var asking = await gateway.OccupyAsync(host);

        host.HangUp();
        // It waits until the old process has ended its work, and that waits for the gateway.
        Signals.Send("KILL", await SuccessorAsync(host));
        gateway.LetGo();
        await asking.WaitAsync(Patience.Limit);

        await HasLoggedAsync(host, "it serves again");
        Assert.Equal(before, host.Id);
        await using (var client = await host.ConnectAsync())
            await client.ResumeAsync(tokens[0]);
        // And is none the worse for it.
        host.HangUp();
        await IsReplacedAsync(host, before);
        await AnswersAsync(host);
    }

    [Fact]
    public async Task Systemd_is_told_which_process_is_the_service_and_not_that_it_stops()
    {
        using var data = new ScratchFolder("end-to-end");
        using var systemd = new ServiceManager();
        using var host = await ChildHost.StartAsync(UnderSystemd(systemd, data));
        Assert.Equal("READY=1", await systemd.NextAsync());
        var before = host.Id;

        host.HangUp();
        await IsReplacedAsync(host, before);

        Assert.Equal($"MAINPID={host.Id}", await systemd.NextAsync());
        Assert.Equal("READY=1", await systemd.NextAsync());
        // That is the new one, which nobody replaces.
        Assert.Equal(0, await host.TerminateAsync());
        Assert.Equal("STOPPING=1", await systemd.NextAsync());
    }

    [Fact]
    public async Task Systemd_is_told_that_the_old_process_is_the_service_again_where_the_new_one_has_died()
    {
        using var data = new ScratchFolder("end-to-end");
        using var gateway = new HungGateway();
        using var systemd = new ServiceManager();
        using var host = await ChildHost.StartAsync(UnderSystemd(systemd, data, gateway.Settings));
        Assert.Equal("READY=1", await systemd.NextAsync());
        var before = host.Id;
        var asking = await gateway.OccupyAsync(host);

        host.HangUp();
        var successor = await SuccessorAsync(host);
        Assert.Equal($"MAINPID={successor}", await systemd.NextAsync());
        Signals.Send("KILL", successor);
        gateway.LetGo();
        await asking.WaitAsync(Patience.Limit);

        Assert.Equal($"MAINPID={before}", await systemd.NextAsync());
        Assert.Equal("READY=1", await systemd.NextAsync());
        host.HangUp();
        await IsReplacedAsync(host, before);
        Assert.Equal($"MAINPID={host.Id}", await systemd.NextAsync());
        Assert.Equal("READY=1", await systemd.NextAsync());
    }

    private static HostPlan UnderSystemd(ServiceManager systemd, string data, params string[] settings) =>
        TestHost.Plan(data, settings) with { Environment = new Dictionary<string, string>([systemd.Variable]) };

    [Fact]
    public async Task An_old_process_that_is_killed_while_it_hands_over_is_replaced_all_the_same()
    {
        using var data = new ScratchFolder("end-to-end");
        using var gateway = new HungGateway();
        using var host = await TestHost.StartAsync(data, gateway.Settings);
        var before = host.Id;
        var asking = await gateway.OccupyAsync(host);

        host.HangUp();
        await SuccessorAsync(host);
        Signals.Send("KILL", before);

        await Assert.ThrowsAnyAsync<Exception>(() => asking.WaitAsync(Patience.Limit));
        await IsReplacedAsync(host, before);
        await AnswersAsync(host);
    }

    [Fact]
    public async Task Two_signals_at_once_are_one_restart()
    {
        using var data = new ScratchFolder("end-to-end");
        using var gateway = new HungGateway();
        using var host = await TestHost.StartAsync(data, gateway.Settings);
        var before = host.Id;
        var asking = await gateway.OccupyAsync(host);

        host.HangUp();
        await SuccessorAsync(host);
        host.HangUp();
        await HasLoggedAsync(host, "being restarted already");
        gateway.LetGo();
        await asking.WaitAsync(Patience.Limit);

        await IsReplacedAsync(host, before);
        Assert.Single(Started().Matches(host.Output));
        await AnswersAsync(host);
    }

    [Fact]
    public async Task A_host_that_is_stopping_is_not_restarted()
    {
        using var data = new ScratchFolder("end-to-end");
        using var gateway = new HungGateway();
        using var host = await TestHost.StartAsync(data, gateway.Settings);
        var asking = await gateway.OccupyAsync(host);

        host.Terminate();
        await HasLoggedAsync(host, "Stopping");
        host.HangUp();
        await HasLoggedAsync(host, "Restart refused");
        gateway.LetGo();
        await asking.WaitAsync(Patience.Limit);

        Assert.Equal(0, await host.Ended.WaitAsync(Patience.Limit));
        Assert.Empty(Started().Matches(host.Output));
    }

    [Fact]
    public async Task Nobody_serves_once_a_host_was_told_to_stop_while_it_hands_over()
    {
        using var data = new ScratchFolder("end-to-end");
        using var gateway = new HungGateway();
        using var host = await TestHost.StartAsync(data, gateway.Settings);
        var asking = await gateway.OccupyAsync(host);

        host.HangUp();
        var successor = await SuccessorAsync(host);
        host.Terminate();
        gateway.LetGo();
        await asking.WaitAsync(Patience.Limit);

        // Of both, which write to the same pipe.
        Assert.Equal(0, await host.Ended.WaitAsync(Patience.Limit));
        Assert.NotEqual(successor, host.Id);
        using var again = await TestHost.StartAsync(data);
        await AnswersAsync(again);
    }

    private static async Task AnswersAsync(ChildHost host)
    {
        await using var client = await host.ConnectAsync();
        await client.PingAsync();
    }

    private static Task IsReplacedAsync(ChildHost host, int before) =>
        Eventually.HoldsAsync(() => host.Id != before, "another process serves");

    private static Task HasLoggedAsync(ChildHost host, string text) =>
        Eventually.HoldsAsync(() => host.Output.Contains(text, StringComparison.Ordinal), text);

    /// <summary>The process that is ready to take over.</summary>
    private static async Task<int> SuccessorAsync(ChildHost host)
    {
        await Eventually.HoldsAsync(() => Ready().IsMatch(host.Output), "another process is ready");
        return int.Parse(Ready().Match(host.Output).Groups["id"].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"process (?<id>\d+) is ready")]
    private static partial Regex Ready();

    [GeneratedRegex("process [0-9]+ is started")]
    private static partial Regex Started();
}
