using Swiper.Client;
using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Cluster;

/// <summary>The documented way of backing up a cluster, on real servers.</summary>
[Collection<OnServices>]
public sealed class ClusterBackupTests(ClusterServices services)
{
    private const int People = 60;

    [Fact]
    public async Task Dumps_made_under_load_are_restored_with_all_that_was_acknowledged_and_clients_notice()
    {
        using var folders = new ScratchFolder("end-to-end");
        var backup = folders.File("backup");
        KeyValuePair<(long Uid, long Sid), SwipeLedger.Acknowledged>[] before;
        var ledger = new SwipeLedger();
        string[] tokens;
        long uid, seen;
        await using (var deployment = await Deployment.CreateAsync(services))
        {
            var hosts = await deployment.StartHostsAsync(2);
            tokens = await hosts[0].SignUpAsync(People);
            var clients = await Task.WhenAll(hosts.Select(host => host.SignInAsync(tokens)));
            var storm = new SwipeStorm(ledger, [.. clients.SelectMany(ofHost => ofHost)], seed: 9);
            storm.Start();
            await storm.AnswersAsync(1_500);
            before = ledger.SoFar();

            var database = DatabaseOf(deployment.Cluster.Shards[0]);
            var run = await ProgramRun.OfAsync(
                Path.Combine(SharedFiles.RepositoryRoot(), "deploy", "backup-shards.sh"), [backup, database, .. OptionFiles(folders)]);

            Assert.True(run.ExitCode == 0, run.All);
            Assert.Equal(["SHA256SUMS", "shard-0.sql", "shard-1.sql"], Directory.GetFiles(backup).Select(Path.GetFileName).Order());
            await storm.AnswersAsync(300);
            await storm.StopAsync();
            Assert.True(storm.Unavailable == 0, storm.Refusal);
            uid = clients[0][0].Uid!.Value;
            await clients.SelectMany(ofHost => ofHost).DisposeAllAsync();
            await using var last = await hosts[0].ConnectAsync();
            seen = (await last.ResumeAsync(tokens[0])).PushSeq;
        }

        // On databases that know nothing of it, with a Redis that is empty.
        await using var restored = await Deployment.CreateAsync(services);
        for (var shard = 0; shard < ClusterServices.Shards; shard++)
        {
            await RunSqlFileAsync(shard, restored, Path.Combine(backup, $"shard-{shard}.sql"));
            await RunSqlFileAsync(shard, restored, Path.Combine(SharedFiles.RepositoryRoot(), "deploy", "after-restore.sql"));
        }

        var host = await restored.StartHostAsync();
        var again = await host.SignInAsync(tokens);
        var byUid = again.ToDictionary(client => client.Uid!.Value);
        await Task.WhenAll(before.Select(async entry =>
        {
            var (swiper, sid) = entry.Key;
            ledger.Note(swiper, sid, entry.Value.Kind, await byUid[swiper].SwipeAsync(sid, entry.Value.Kind), mustBeRepeated: true);
        }));
        await restored.SettledAsync();
        // Follow-ups that were under way are done as after a kill, and so are both halves of each match there.
        for (var shard = 0; shard < ClusterServices.Shards; shard++)
        {
            await Eventually.HoldsAsync(
                async () => (await restored.QueryAsync(shard, "SELECT id FROM follow_ups LIMIT 1")).Count == 0, "no follow-ups");
        }

        SwipeLedger.VerifyWhole(await restored.ReadTruthAsync());

        await using (var client = await host.ConnectAsync())
        await using (var pushes = new PushInbox(client))
        {
            Assert.InRange((await client.ResumeAsync(tokens[0], seen)).PushSeq, seen + 1_000_000, 1L << 53);
            Assert.Equal((uid, seen + 1), (client.Uid!.Value, (await pushes.NextAsync<SwiperPush.Missed>()).FromSeq));
        }

        // The index was built from what was restored.
        await Eventually.HoldsAsync(
            async () => (await TestHost.RunAsync(restored.Cluster, "drift")) is { ExitCode: 0 } drift
                && drift.Output.StartsWith($"{People} users compared, 0 differences", StringComparison.Ordinal),
            "an index as the shards are");
        await again.DisposeAllAsync();
    }

    [Fact]
    public async Task A_server_that_can_not_be_held_is_told_and_nothing_is_left()
    {
        using var folders = new ScratchFolder("end-to-end");
        var backup = folders.File("backup");
        var options = OptionFiles(folders);
        await File.WriteAllTextAsync(options[1], "[client]\nsocket=/nowhere/mysql.sock\n", TestContext.Current.CancellationToken);

        var run = await ProgramRun.OfAsync(
            Path.Combine(SharedFiles.RepositoryRoot(), "deploy", "backup-shards.sh"), [backup, "mysql", .. options]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("shard 1 could not be held", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(folders));
        // And nobody is held up.
        Assert.Equal(["1"], await services.AdministerAsync(0, "CREATE DATABASE swiper_held; DROP DATABASE swiper_held; SELECT 1"));
    }

    private static string DatabaseOf(string shard) =>
        (string)new System.Data.Common.DbConnectionStringBuilder { ConnectionString = shard }["Database"];

    private string[] OptionFiles(ScratchFolder folders) => [.. Enumerable.Range(0, ClusterServices.Shards).Select(shard =>
    {
        var file = folders.File($"shard-{shard}.cnf");
        File.WriteAllText(file, $"[client]\nsocket={services.SocketOf(shard)}\n");
        return file;
    })];

    private async Task RunSqlFileAsync(int shard, Deployment deployment, string file)
    {
        var database = DatabaseOf(deployment.Cluster.Shards[shard]);
        var run = await ProgramRun.OfAsync(
            "mariadb", "--no-defaults", $"--socket={services.SocketOf(shard)}", database, "-e", $"source {file}");
        Assert.True(run.ExitCode == 0, run.All);
    }
}
