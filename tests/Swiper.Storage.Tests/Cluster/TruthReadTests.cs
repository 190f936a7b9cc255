using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>What is read of the shards while the index lacks what was answered.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class TruthReadTests(ClusterServers servers) : IAsyncDisposable
{
    private const int LikersAShard = 20_000;

    private readonly TestCluster _cluster = new(servers);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Those_who_like_are_read_by_pages_and_superlikers_up_to_a_bound()
    {
        var host = await _cluster.StartHostAsync();
        var me = await host.NewPersonAsync();
        for (var shard = 0; shard < 2; shard++)
        {
            _cluster.Shard(shard).ExecuteText($"""
                INSERT INTO swiped (uid, sid, kind, at, batch)
                SELECT 2 * seq + {shard}, {me.Uid}, 2, seq, 0 FROM seq_1_to_{LikersAShard}
                """);
        }
        host.Engine.Parts.Swipes.Lag.Begin();

        var before = RowsSent();
        var likes = await host.Engine.Likes.ReadAsync(me.Uid, after: null, limit: 31);
        Assert.InRange(RowsSent() - before, 31, 1_000);
        Assert.Equal(
            Enumerable.Range(0, 31).Select(place =>
                new ReceivedLike(2 * LikersAShard + 1 - place, SwipeKind.Superlike, LikersAShard - place / 2)),
            likes);

        before = RowsSent();
        await host.Engine.Decks.DrawAsync(me, 30, WireTime.Day(host.Now), left: TestContext.Current.CancellationToken);
        Assert.InRange(RowsSent() - before, 2 * 2_000, LikersAShard);
    }

    // Of all that ask the server, but nobody else asks for so many.
    private long RowsSent() => _cluster.Query(
        0, "SELECT CAST(variable_value AS SIGNED) FROM information_schema.global_status WHERE variable_name = 'ROWS_SENT'")[0][0];
}
