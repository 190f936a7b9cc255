using Swiper.Client;
using Swiper.EndToEnd.Running;
using Swiper.Local;

namespace Swiper.EndToEnd.Storage;

/// <summary>
/// SIGKILL at random moments of a storm of swipes. Whatever was acknowledged is there afterwards, and so is, exactly once, all that
/// follows from what is there. SWIPER_KILLS says how often, SWIPER_SEED repeats a run.
/// </summary>
public sealed class KillTests
{
    private const int Robots = 300;
    private const int KillsAFolder = 10;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_happens_twice_however_often_the_server_is_killed()
    {
        var kills = Budget.Of("SWIPER_KILLS", 20);
        var seed = Budget.Of("SWIPER_SEED", Random.Shared.Next(1, int.MaxValue));
        TestContext.Current.TestOutputHelper!.WriteLine($"SWIPER_SEED={seed}");
        for (var done = 0; done < kills; done += KillsAFolder)
            await KillAsync(Math.Min(KillsAFolder, kills - done), seed + done);
    }

    private static async Task KillAsync(int times, int seed)
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, Robots);
        var moments = new Random(seed);
        var ledger = new SwipeLedger();
        var asked = new HashSet<(long Uid, long Sid)>();
        for (var kill = 0; kill < times; kill++)
        {
            using var host = await TestHost.StartAsync(data);
            var clients = await host.SignInAsync(tokens);
            // What kills before the last one have left is in the shards; it is asked for once more at the end.
            await VerifyAsync(data, clients, ledger, asked.Add);
            var storm = new SwipeStorm(ledger, clients, seed + kill);
            var moment = moments.Next(50, 6_000);
            storm.Start();
            await storm.AnswersAsync(moment);
            await host.KillAsync();
            await storm.EndAsync();
            Assert.Equal(0, storm.Unavailable);
            await clients.DisposeAllAsync();
        }

        using var last = await TestHost.StartAsync(data);
        var all = await last.SignInAsync(tokens);
        await VerifyAsync(data, all, ledger, isAsked: static _ => true);
        await all.DisposeAllAsync();
        Assert.Equal(0, await last.TerminateAsync());
        ledger.Verify(Truth.Read(data));
    }

    private static async Task VerifyAsync(
        string data, SwiperClient[] clients, SwipeLedger ledger, Func<(long Uid, long Sid), bool> isAsked)
    {
        var byUid = clients.ToDictionary(client => client.Uid!.Value);

        // Every lane answers these after it has mended what the kill cut off.
        foreach (var part in ledger.SoFar().Where(entry => isAsked(entry.Key)).Chunk(5_000))
        {
            await Task.WhenAll(part.Select(async entry =>
            {
                var (uid, sid) = entry.Key;
                ledger.Note(uid, sid, entry.Value.Kind, await byUid[uid].SwipeAsync(sid, entry.Value.Kind), mustBeRepeated: true);
            }));
        }

        var truth = Truth.Read(data);
        ledger.Verify(truth);
        var scores = SwipeLedger.Scores(truth);
        await Task.WhenAll(byUid.Keys.Select(async uid =>
        {
            var standing = await byUid[uid].RankOfAsync(BoardName.All);
            var score = scores.GetValueOrDefault(uid);
            Assert.Equal((score, score != 0), (standing.Score, standing.Rank is not null));
        }));
    }
}
