using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Indexes;
using Swiper.Storage.Redis.Reading;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Decks of the cluster: searched in this host's memory, without whom the index, or else the truth, knows as swiped.</summary>
internal sealed class ClusterDeckRepository(ClusterEngine engine) : IDeckRepository, IDisposable
{
    private readonly DeckSearch _search = new(engine.People);
    private readonly SwipeTruth _truth = new(engine);

    public async ValueTask<DeckDraw> DrawAsync(Profile profile, int count, DateOnly today)
    {
        var indexed = engine.IsIndexBehind ? default : await engine.Index.Users.DeckAsync(profile.Uid, count).ConfigureAwait(false);
        var (superlikers, swiped) = indexed.IsKnown ? indexed.Value : await ReadFromTruthAsync(profile.Uid, count).ConfigureAwait(false);
        return await _search.DrawAsync(profile, count, today, (_, _) => DeckHistory.Of(SlotsOf(swiped), SlotsOf(superlikers))).ConfigureAwait(false);
    }

    public void Dispose() => _search.Dispose();

    // Who was made elsewhere a moment ago can't be found by the search yet either.
    private int[] SlotsOf(long[] uids)
    {
        var slots = new List<int>(uids.Length);
        foreach (var uid in uids)
        {
            if (engine.People.People.TryGetSlot(uid, out var slot))
                slots.Add(slot);
        }
        return [.. slots];
    }

    private async ValueTask<DeckSides> ReadFromTruthAsync(long uid, int count)
    {
        var likes = await _truth.ReadLikesAsync(uid).ConfigureAwait(false);
        var superlikers = likes.Where(like => like.Kind == SwipeKind.Superlike).OrderBy(like => (like.At, like.Uid)).Select(like => like.Uid).Take(count);
        return new DeckSides([.. superlikers], [.. await _truth.ReadSwipedAsync(uid).ConfigureAwait(false)]);
    }
}
