using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;

namespace Swiper.EndToEnd.Storage;

public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_refuses_writes_serves_reads_and_is_forgotten_once_there_is_space()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 48);
        var tokens = await TestHost.MakeRobotsAsync(disk.Folder, 200);
        using var host = await TestHost.StartAsync(disk.Path);
        var clients = await host.SignInAsync(tokens);
        var uids = clients.Select(client => client.Uid!.Value).ToArray();
        var ledger = new SwipeLedger();
        var next = 0;
        await SwipeAsync(100);

        disk.Fill();
        await Assert.ThrowsAsync<SwiperException>(() => FullAsync());
        var refused = await NextSwipeAsync();
        Assert.Equal(StatusCode.Unavailable, refused.Failure.Code);
        await clients[0].ProfileAsync();
        Assert.NotEmpty(await clients[0].TopAsync());
        await clients[0].RankOfAsync();
        await clients[0].DeckAsync();
        Assert.Equal(StatusCode.Unavailable, (await NextSwipeAsync()).Failure.Code);

        disk.MakeRoom();
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (!(await NextSwipeAsync()).IsOk)
            await Task.Delay(20, patience.Token);
        await SwipeAsync(100);
        await VerifyAsync(clients);
        await clients.DisposeAllAsync();
        Assert.Equal(0, await host.TerminateAsync());

        using var restarted = await TestHost.StartAsync(disk.Path);
        var again = await restarted.SignInAsync(tokens);
        await VerifyAsync(again);
        await again.DisposeAllAsync();
        Assert.Equal(0, await restarted.TerminateAsync());
        ledger.Verify(Truth.Read(disk.Path));

        // What a log has kept room for is used up first.
        async Task FullAsync()
        {
            using var deadline = new CancellationTokenSource(Patience.Limit);
            while (true)
            {
                deadline.Token.ThrowIfCancellationRequested();
                (await NextSwipeAsync()).OrThrow();
            }
        }

        async Task SwipeAsync(int count)
        {
            for (var swipe = 0; swipe < count; swipe++)
                (await NextSwipeAsync()).OrThrow();
        }

        // Each pair one after the other, so that half of them match.
        async Task<Outcome<SwipeReply>> NextSwipeAsync()
        {
            var pair = next / 2;
            var (a, b) = (pair % uids.Length, (pair + 1 + (pair / uids.Length)) % uids.Length);
            var (me, sid) = next++ % 2 == 0 ? (a, b) : (b, a);
            var outcome = await clients[me].TrySwipeAsync(uids[sid], SwipeKind.Like);
            if (outcome.IsOk)
                ledger.Note(uids[me], uids[sid], SwipeKind.Like, outcome.Value, mustBeRepeated: false);
            return outcome;
        }

        async Task VerifyAsync(SwiperClient[] signedIn)
        {
            var byUid = signedIn.ToDictionary(client => client.Uid!.Value);
            foreach (var ((uid, sid), (kind, _)) in ledger.Entries)
                ledger.Note(uid, sid, kind, await byUid[uid].SwipeAsync(sid, kind), mustBeRepeated: true);
        }
    }
}
