using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Decks of the cluster: searched in this host's memory, without whom the index, or else the truth, knows as swiped.</summary>
internal sealed class ClusterDeckRepository(ClusterEngine engine) : IDeckRepository, IDisposable
{
    private readonly DeckSearch _search = new(engine.People);

    public async ValueTask<DeckDraw> DrawAsync(Profile profile, int count, DateOnly today)
    {
        var (swiped, superlikers) = await ReadFromTruthAsync(profile.Uid, count).ConfigureAwait(false);
        return await _search.DrawAsync(profile, count, today, (_, _) => HistoryOf(swiped, superlikers)).ConfigureAwait(false);
    }

    public void Dispose() => _search.Dispose();

    private DeckHistory HistoryOf(IReadOnlyList<long> swiped, IReadOnlyList<long> superlikers) => DeckHistory.Of(SlotsOf(swiped), SlotsOf(superlikers));

    // Who was made elsewhere a moment ago can't be found by the search yet either.
    private int[] SlotsOf(IReadOnlyList<long> uids)
    {
        var slots = new List<int>(uids.Count);
        foreach (var uid in uids)
        {
            if (engine.People.People.TryGetSlot(uid, out var slot))
                slots.Add(slot);
        }
        return [.. slots];
    }

    private async ValueTask<(IReadOnlyList<long> Swiped, IReadOnlyList<long> Superlikers)> ReadFromTruthAsync(long uid, int count)
    {
        var swiped = await engine.ShardOf(uid).ReadAsync(uid, static (connection, uid) =>
        {
            var sids = new List<long>();
            connection.Query("SELECT sid FROM swiped WHERE uid = @p0", [uid], row => sids.Add(row.GetInt64(0)));
            return sids;
        }).ConfigureAwait(false);
        var superlikes = new List<(long At, long Uid)>();
        foreach (var shard in engine.Shards)
        {
            superlikes.AddRange(await shard.ReadAsync(uid, static (connection, uid) =>
            {
                var found = new List<(long, long)>();
                connection.Query("SELECT at, uid FROM swiped WHERE sid = @p0 AND kind = 2", [uid], row => found.Add((row.GetInt64(0), row.GetInt64(1))));
                return found;
            }).ConfigureAwait(false));
        }
        superlikes.Sort();
        var known = swiped.ToHashSet();
        return (swiped, [.. superlikes.Select(superlike => superlike.Uid).Where(superliker => !known.Contains(superliker)).Take(count)]);
    }
}
