using System.Net;
using System.Net.Sockets;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Processes;
using Swiper.Local.Services;

namespace Swiper.EndToEnd.Cluster;

/// <summary>`check` without a folder, on this machine and on real servers.</summary>
[Collection<OnServices>]
public sealed class CheckSystemTests(ClusterServices services)
{
    [Fact]
    public async Task A_machine_that_can_run_a_host_of_the_embedded_engine_has_no_problems_and_nothing_is_left_of_the_look()
    {
        using var data = new ScratchFolder("end-to-end");
        var run = await TestHost.RunAsync("check", "--environment", "Development", "--set", $"Storage:Data={(string)data}");

        Assert.True(run.ExitCode == 0, run.All);
        Assert.All(
            ["versions: swiper ", "options: all are well", "descriptors: ", "backlog: ", "clock: ", "certificate: ", "sqlite: ", "disk: "],
            (string subject) => Assert.Contains($" {subject}", run.Output, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(data));
    }

    [Fact]
    public async Task Options_and_a_certificate_that_are_wrong_are_problems_of_their_own()
    {
        using var data = new ScratchFolder("end-to-end");
        await File.WriteAllTextAsync(data.File("cert.pem"), "no certificate", TestContext.Current.CancellationToken);
        var run = await TestHost.RunAsync(
            "check", "--environment", "Production", "--set", $"Storage:Data={data.File("data")}", "--set", "Limits:InFlight=0",
            "--set", $"Tls:CertificatePath={data.File("cert.pem")}", "--set", $"Tls:KeyPath={data.File("key.pem")}");

        Assert.Equal(3, run.ExitCode);
        AssertLine(run, "problem  options: Limits:InFlight: 0 is not between 1 and 65536");
        AssertLine(run, $"problem  certificate: {data.File("cert.pem")} can't be used");
    }

    [Fact]
    public async Task Servers_that_lose_what_was_acknowledged_are_problems_until_they_are_mended()
    {
        await services.HealAsync();
        var good = await RunAsync(services.Cluster);
        Assert.True(good.ExitCode == 0, good.All);
        AssertLine(good, "ok       shard 1: innodb_flush_log_at_trx_commit is 1");
        Assert.Matches(@"(?m)^ok       shard 1: (transaction|tx)_isolation is READ-COMMITTED$", good.Output);
        AssertLine(good, $"ok       redis 127.0.0.1:{services.RedisPort}: maxmemory-policy is noeviction");
        var connections = Assert.Single(await services.AdministerAsync(1, "SELECT @@max_connections"));
        try
        {
            await services.AdministerAsync(1, "SET GLOBAL innodb_flush_log_at_trx_commit = 2; SET GLOBAL max_connections = 30");
            await services.AskRedisAsync(0, "config", "set", "maxmemory-policy", "allkeys-lru", "appendonly", "yes");

            var bad = await RunAsync(services.Cluster);

            Assert.Equal(3, bad.ExitCode);
            AssertLine(bad, "problem  shard 1: innodb_flush_log_at_trx_commit is 2: set it to 1");
            AssertLine(bad, "warning  shard 1: max_connections is 30, for 2 hosts");
            AssertLine(bad, "ok       shard 0: innodb_flush_log_at_trx_commit is 1");
            AssertLine(bad, $"problem  redis 127.0.0.1:{services.RedisPort}: maxmemory-policy is allkeys-lru: set it to noeviction");
            AssertLine(bad, $"warning  redis 127.0.0.1:{services.RedisPort}: it persists what it has");
        }
        finally
        {
            await services.AdministerAsync(
                1, $"SET GLOBAL innodb_flush_log_at_trx_commit = 1; SET GLOBAL max_connections = {connections}");
            await services.AskRedisAsync(0, "config", "set", "maxmemory-policy", "noeviction", "appendonly", "no");
        }
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_a_problem_and_holds_up_nothing()
    {
        await services.HealAsync();
        // It takes connections, and says nothing.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        var deaf = $"Server=127.0.0.1;Port={port};User ID=swiper;Password=secret;Database=swiper";
        var run = await RunAsync(new ClusterSettings([services.Cluster.Shards[0], deaf], [$"127.0.0.1:{port}"]));

        Assert.Equal(3, run.ExitCode);
        AssertLine(run, "ok       shard 0: ");
        AssertLine(run, "problem  shard 1: can't be used: ");
        AssertLine(run, $"problem  redis 127.0.0.1:{port}: ");
        Assert.DoesNotContain("secret", run.All, StringComparison.Ordinal);
    }

    private static Task<ProgramRun> RunAsync(ClusterSettings cluster) =>
        TestHost.RunAsync(cluster, "check", "--environment", "Development", "--set", "Storage:Engine=cluster");

    private static void AssertLine(ProgramRun run, string begin) => Assert.True(
        run.Output.Split('\n').Any(line => line.StartsWith(begin, StringComparison.Ordinal)), $"no line {begin}\n{run.All}");
}
