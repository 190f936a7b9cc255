using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;

namespace Swiper.EndToEnd.Cluster;

/// <summary>What has to hold after a fault, however it came: it is asked of hosts that nobody has restarted.</summary>
internal static class Verification
{
    private const int AtOnce = 2_000;

    // What `drift` ends with where it found a difference.
    private const int Differs = 3;

    /// <summary>
    /// Nothing acknowledged is lost, nothing was done twice, every match has one who was told so, scores equal what the swipes say, and
    /// the index agrees with the truth.
    /// </summary>
    /// <param name="deployment">Whose servers are well again.</param>
    /// <param name="ledger">What was acknowledged.</param>
    /// <param name="people">A connection a person, to any of the hosts.</param>
    public static async Task VerifyAsync(this Deployment deployment, SwipeLedger ledger, params SwiperClient[] people)
    {
        var byUid = people.DistinctBy(person => person.Uid!.Value).ToDictionary(person => person.Uid!.Value);
        await AskAgainAsync(ledger, byUid);
        await deployment.SettledAsync();

        var truth = await deployment.ReadTruthAsync();
        ledger.Verify(truth);
        await deployment.IndexAgreesAsync();
        await BoardsAgreeAsync(SwipeLedger.Scores(truth), people);
    }

    /// <summary>Waits until the whole index is trusted; `drift` must not find a difference, now or before.</summary>
    public static async Task IndexAgreesAsync(this Deployment deployment)
    {
        await Eventually.HoldsAsync(async () =>
        {
            var settings = deployment.Settings.SelectMany(setting => (string[])["--set", setting]);
            var drift = await TestHost.RunAsync(deployment.Cluster, ["drift", .. settings, "--rate", "100000"]);
            Assert.False(drift.ExitCode == Differs, drift.Output);
            TestContext.Current.TestOutputHelper!.WriteLine(drift.Output + drift.Errors);
            // It may not have been answered in time, and groups that are being rebuilt were not compared.
            return drift.ExitCode == 0 && drift.Output.TrimEnd().EndsWith("0 differences", StringComparison.Ordinal);
        }, "the index is whole again");
    }

    private static async Task BoardsAgreeAsync(Dictionary<long, long> scores, SwiperClient[] people)
    {
        foreach (var part in people.Chunk(AtOnce))
        {
            await Task.WhenAll(part.Select(async person =>
            {
                var standing = await RetryAsync(() => person.TryRankOfAsync(BoardName.All));
                var score = scores.GetValueOrDefault(person.Uid!.Value);
                Assert.Equal((score, score != 0), (standing.Score, standing.Rank is not null));
            }));
        }
    }

    /// <summary>Every acknowledged swipe is answered as a repeat of what it came to.</summary>
    private static async Task AskAgainAsync(SwipeLedger ledger, Dictionary<long, SwiperClient> byUid)
    {
        foreach (var part in ledger.Entries.ToArray().Chunk(AtOnce))
        {
            await Task.WhenAll(part.Select(async entry =>
            {
                var (uid, sid) = entry.Key;
                var reply = await RetryAsync(() => byUid[uid].TrySwipeAsync(sid, entry.Value.Kind));
                ledger.Note(uid, sid, entry.Value.Kind, reply, mustBeRepeated: true);
            }));
        }
    }

    /// <summary>Asks until the store is up that the answer needs.</summary>
    public static async Task<T> RetryAsync<T>(Func<ValueTask<Outcome<T>>> ask)
    {
        Outcome<T> outcome = default;
        await Eventually.HoldsAsync(async () =>
        {
            outcome = await ask();
            return outcome.IsOk || outcome.Failure.Code != StatusCode.Unavailable;
        }, "the stores are up again");
        return outcome.OrThrow();
    }
}
