using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Decks of the cluster: searched in this host's memory, without whom the index, or else the truth, knows as swiped.</summary>
internal sealed class ClusterDeckRepository(ClusterEngine engine) : IDeckRepository, IDisposable
{
    private readonly DeckSearch _search = new(engine.People);
    private readonly SwipeTruth _truth = new(engine);

    public async ValueTask<DeckDraw> DrawAsync(Profile profile, int count, DateOnly today)
    {
        var (swiped, superlikers) = await ReadFromTruthAsync(profile.Uid, count).ConfigureAwait(false);
        return await _search.DrawAsync(profile, count, today, (_, _) => DeckHistory.Of(SlotsOf(swiped), SlotsOf(superlikers))).ConfigureAwait(false);
    }

    public void Dispose() => _search.Dispose();

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
        var likes = await _truth.ReadLikesAsync(uid).ConfigureAwait(false);
        var superlikers = likes.Where(like => like.Kind == SwipeKind.Superlike).OrderBy(like => (like.At, like.Uid)).Select(like => like.Uid).Take(count);
        return (await _truth.ReadSwipedAsync(uid).ConfigureAwait(false), [.. superlikers]);
    }
}
