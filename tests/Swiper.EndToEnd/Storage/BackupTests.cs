using System.Diagnostics;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Cluster;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Storage;

/// <summary>`backup` and `restore` as processes of their own, beside a server that is swiped on.</summary>
public sealed class BackupTests
{
    // Megabytes a second: so few that the rest of a backup takes longer than any test.
    private const string Slow = "0.001";

    [Fact]
    public async Task A_backup_made_under_load_is_restored_with_all_that_was_acknowledged_and_clients_notice()
    {
        using var folders = new ScratchFolder("end-to-end");
        using var data = new ScratchFolder("end-to-end");
        var (backup, restored) = (folders.File("backup"), folders.File("restored"));
        var tokens = await TestHost.MakeRobotsAsync(data, 100);
        var ledger = new SwipeLedger();
        KeyValuePair<(long Uid, long Sid), SwipeLedger.Acknowledged>[] before;
        Dictionary<string, long> seen;
        string newToken;
        using (var host = await TestHost.StartAsync(data))
        {
            var clients = await host.SignInAsync(tokens);
            var storm = new SwipeStorm(ledger, clients, seed: 13);
            storm.Start();
            await storm.AnswersAsync(2_000);
            before = ledger.SoFar();

            var run = await TestHost.RunAsync("backup", backup, "--data", data);

            Assert.True(run.ExitCode == 0, run.All);
            Assert.StartsWith($"{backup}: 4 shards, ", run.Output, StringComparison.Ordinal);
            Assert.False(Directory.Exists(backup + ".unfinished"));
            await storm.AnswersAsync(500);
            await storm.StopAsync();
            // Of what was pushed since, the backup knows nothing.
            await SuperlikeAsync(host, clients[0].Uid!.Value, tokens[1..]);
            newToken = (await SignUpAsync(host)).Token;
            await clients.DisposeAllAsync();
            seen = await SeqsAsync(host, tokens);
            await host.KillAsync();
        }

        var made = await TestHost.RunAsync("restore", backup, "--data", restored);
        Assert.True(made.ExitCode == 0, made.All);
        Assert.Contains("Storage:Shards=4", made.Output, StringComparison.Ordinal);
        using (var host = await TestHost.StartAsync(restored))
        {
            var clients = await host.SignInAsync(tokens);
            var byUid = clients.ToDictionary(client => client.Uid!.Value);
            await Task.WhenAll(before.Select(async entry =>
            {
                var (uid, sid) = entry.Key;
                ledger.Note(uid, sid, entry.Value.Kind, await byUid[uid].SwipeAsync(sid, entry.Value.Kind), mustBeRepeated: true);
            }));

            // Who signed up since is nobody, and signs up again.
            await using (var newcomer = await host.ConnectAsync())
                Assert.Equal(StatusCode.TokenInvalid, (await newcomer.TryResumeAsync(newToken)).Failure.Code);
            await SignUpAsync(host);

            foreach (var token in tokens)
                await AssertMissedAsync(host, token, seen[token]);
            await clients.DisposeAllAsync();
            Assert.Equal(0, await host.TerminateAsync());
        }

        var check = await TestHost.RunAsync("check", "--data", restored);
        Assert.True(check.ExitCode == 0, check.All);
        var truth = Truth.Read(restored);
        SwipeLedger.VerifyWhole(truth);
        Assert.All(before, entry => Assert.Contains(entry.Key, truth.Swiped.Keys));
    }

    [Fact]
    public async Task A_kill_in_the_middle_of_a_backup_leaves_no_backup_and_the_server_starts_again()
    {
        using var folders = new ScratchFolder("end-to-end");
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 20);
        var backup = folders.File("backup");
        using (var host = await TestHost.StartAsync(data))
        {
            using var client = await BeginAsync(data, backup);
            await host.KillAsync();
            await client.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit);
            Assert.Equal(69, client.ExitCode);
        }

        Assert.False(Directory.Exists(backup));
        foreach (var left in new[] { backup, backup + ".unfinished" })
        {
            var refused = await TestHost.RunAsync("restore", left, "--data", folders.File("restored"));
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains("is not a backup", AssertOneLine(refused), StringComparison.Ordinal);
        }

        using var again = await TestHost.StartAsync(data);
        await (await again.SignInAsync(tokens)).DisposeAllAsync();
        // The name is free only once what is left is deleted.
        Assert.Contains("delete it", AssertOneLine(await TestHost.RunAsync("backup", backup, "--data", data)), StringComparison.Ordinal);
        Directory.Delete(backup + ".unfinished", recursive: true);
        Assert.Equal(0, (await TestHost.RunAsync("backup", backup, "--data", data)).ExitCode);
    }

    [Fact]
    public async Task A_second_backup_waits_for_nobody_and_one_that_is_interrupted_leaves_nothing()
    {
        using var folders = new ScratchFolder("end-to-end");
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        var backup = folders.File("backup");
        using (var client = await BeginAsync(data, backup))
        {
            var second = await TestHost.RunAsync("backup", folders.File("second"), "--data", data);
            Assert.Equal((1, true), (second.ExitCode, AssertOneLine(second).Contains("one at a time", StringComparison.Ordinal)));
            Signals.Send("INT", client.Id);
            await client.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit);
            Assert.NotEqual(0, client.ExitCode);
        }

        await Eventually.HoldsAsync(() => !Directory.Exists(backup + ".unfinished"), "the interrupted backup is gone");
        await Eventually.HoldsAsync(
            async () => (await TestHost.RunAsync("backup", backup, "--data", data)).ExitCode == 0, "another one is made");
        Assert.Contains(
            "already exists", AssertOneLine(await TestHost.RunAsync("backup", backup, "--data", data)), StringComparison.Ordinal);

        // A host that stops does not wait for it.
        using var last = await BeginAsync(data, folders.File("last"));
        Assert.Equal(0, await host.TerminateAsync());
        await last.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit);
        Assert.NotEqual(0, last.ExitCode);
        Assert.Equal([backup], Directory.GetDirectories(folders));
    }

    [Fact]
    public async Task A_full_disk_is_told_in_one_line_and_nothing_is_left_on_it()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 8);
        using var folders = new ScratchFolder("end-to-end");
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        var backup = folders.File("backup");
        Assert.Equal(0, (await TestHost.RunAsync("backup", backup, "--data", data)).ExitCode);
        disk.Fill();

        var refused = await TestHost.RunAsync("backup", Path.Combine(disk.Path, "backup"), "--data", data);
        Assert.Equal((1, true), (refused.ExitCode, AssertOneLine(refused).Contains("space", StringComparison.OrdinalIgnoreCase)));
        refused = await TestHost.RunAsync("restore", backup, "--data", Path.Combine(disk.Path, "restored"));
        Assert.Equal((1, true), (refused.ExitCode, AssertOneLine(refused).Contains("space", StringComparison.OrdinalIgnoreCase)));
        Assert.Empty(Directory.GetFiles(disk.Path, "*.db", SearchOption.AllDirectories));
        Assert.Equal(StatusCode.Ok, (await (await host.ConnectAsync()).TryPingAsync()).Failure.Code);
    }

    [Fact]
    public async Task A_disk_that_fills_while_a_backup_is_copied_ends_the_backup_and_the_server_that_shares_it_goes_on()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 48);
        using var folders = new ScratchFolder("end-to-end");
        var (data, backup) = (Path.Combine(disk.Path, "data"), Path.Combine(disk.Path, "backup"));
        using var host = await TestHost.StartAsync(data);
        var clients = await host.SignInAsync(await host.SignUpAsync(4));
        using var client = Begin(data, backup, rate: "0.05");
        client.StartInfo.RedirectStandardError = true;
        client.Start();
        var errors = client.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await HasBegunAsync(backup);

        disk.Fill();
        await client.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit);

        Assert.Equal(1, client.ExitCode);
        var told = (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Contains("no space", told, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([data], Directory.GetDirectories(disk.Path));
        Assert.Equal(3, (await TestHost.RunAsync("restore", backup, "--data", folders.File("restored"))).ExitCode);
        await clients[0].ProfileAsync();
        disk.MakeRoom();
        await Eventually.HoldsAsync(
            async () => (await clients[0].TrySwipeAsync(clients[1].Uid!.Value, SwipeKind.Like)).IsOk, "writes are taken again");
        Assert.Equal(0, (await TestHost.RunAsync("backup", backup, "--data", data)).ExitCode);
        Assert.Equal(0, (await TestHost.RunAsync("restore", backup, "--data", folders.File("restored"))).ExitCode);
        await clients.DisposeAllAsync();
    }

    private static string AssertOneLine(ProgramRun run) => Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A backup that has begun, and will not end.</summary>
    private static async Task<Process> BeginAsync(string data, string backup)
    {
        var client = Begin(data, backup, Slow);
        client.Start();
        await HasBegunAsync(backup);
        return client;
    }

    private static Process Begin(string data, string backup, string rate) => new()
    {
        StartInfo = new ProcessStartInfo("dotnet", [HostPlan.BesideThisProgram, "backup", backup, "--data", data, "--rate", rate]),
    };

    private static Task HasBegunAsync(string backup) =>
        Eventually.HoldsAsync(() => File.Exists(Path.Combine(backup + ".unfinished", "shard-0.db")), "a backup has begun");

    private static async Task<LoginReply> SignUpAsync(ChildHost host)
    {
        await using var client = await host.ConnectAsync();
        return await host.SignInAsync(client, Outbox.NewPhone());
    }

    private static async Task SuperlikeAsync(ChildHost host, long uid, string[] tokens)
    {
        var clients = await host.SignInAsync(tokens);
        // Some have swiped already.
        foreach (var client in clients)
            await client.TrySwipeAsync(uid, SwipeKind.Superlike);
        await clients.DisposeAllAsync();
    }

    private static async Task<Dictionary<string, long>> SeqsAsync(ChildHost host, string[] tokens)
    {
        var seqs = new Dictionary<string, long>();
        foreach (var token in tokens)
        {
            await using var client = await host.ConnectAsync();
            seqs.Add(token, (await client.ResumeAsync(token)).PushSeq);
        }
        return seqs;
    }

    /// <summary>A client that goes on where it was is told to read anew, and gets live pushes from the server's number on.</summary>
    private static async Task AssertMissedAsync(ChildHost host, string token, long seen)
    {
        await using var client = await host.ConnectAsync();
        await using var pushes = new PushInbox(client);
        var seq = (await client.ResumeAsync(token, seen)).PushSeq;
        Assert.InRange(seq, seen + 1_000_000, long.MaxValue);
        SwiperPush push;
        do
            push = await pushes.NextAsync();
        while (push is not SwiperPush.Missed);
        Assert.Equal(seen + 1, ((SwiperPush.Missed)push).FromSeq);
    }
}
