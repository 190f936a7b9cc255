using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Cluster.Ranking;
using Swiper.Storage.Indexes;
using Swiper.Storage.Redis.Reading;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Decks of the cluster: searched in this host's memory, excluding those swiped according to the index or, failing that, the truth.
/// </summary>
internal sealed class ClusterDeckRepository(
    PeopleDirectory directory, Hotness hotness, UserReader index, IndexLag lag, SwipeTruth truth) : IDeckRepository
{
    // The index knows neither sex nor blocks: if too many of the oldest superlikers can't be shown, more are fetched, up to this many.
    private const int MostSuperlikers = 2_000;
    private const int SuperlikersGrowth = 8;

    private readonly DeckSearch _search = new(directory, hotness.PointsOf);

    public async ValueTask<DeckDraw> DrawAsync(
        Profile profile, int count, DateOnly today, bool why = false, CancellationToken left = default)
    {
        var (superlikers, swiped) = await ReadAsync(profile, count).ConfigureAwait(false);
        return await _search.DrawAsync(profile, count, today, why, (_, _, _) => DeckHistory.Of(SlotsOf(swiped), superlikers), left)
            .ConfigureAwait(false);
    }

    public void Shown(long uid, DeckDraw draw, int count, DateOnly today) => _search.Shown(uid, draw, count, today);

    private async ValueTask<(int[] Superlikers, long[] Swiped)> ReadAsync(Profile profile, int count)
    {
        for (var asked = count; !lag.IsBehind; asked = Math.Min(asked * SuperlikersGrowth, MostSuperlikers))
        {
            var answer = await index.DeckAsync(profile.Uid, asked).ConfigureAwait(false);
            if (!answer.IsKnown)
                break;
            var (superlikers, swiped) = answer.Value;
            var shown = ShownOf(superlikers, profile, count);
            if (shown.Length == count || superlikers.Length < asked || asked == MostSuperlikers)
                return (shown, swiped);
        }
        return await ReadFromTruthAsync(profile, count).ConfigureAwait(false);
    }

    private async ValueTask<(int[] Superlikers, long[] Swiped)> ReadFromTruthAsync(Profile profile, int count)
    {
        var likes = await truth.ReadLikesAsync(profile.Uid).ConfigureAwait(false);
        var superlikes = likes.Where(like => like.Kind == SwipeKind.Superlike).OrderBy(like => (like.At, like.Uid));
        var swiped = await truth.ReadSwipedAsync(profile.Uid).ConfigureAwait(false);
        return (ShownOf([.. superlikes.Select(like => like.Uid)], profile, count), [.. swiped]);
    }

    private int[] ShownOf(long[] superlikers, Profile asker, int count)
    {
        var apart = directory.ApartFrom(asker.Uid);
        return
        [
            .. SlotsOf(apart is null ? superlikers : [.. superlikers.Where(uid => !apart.Contains(uid))])
                .Where(slot => directory.People[slot].CanBeShownTo(asker.DatingSex)).Take(count),
        ];
    }

    // A user created on another host a moment ago is not in the search yet either.
    private int[] SlotsOf(long[] uids)
    {
        var slots = new List<int>(uids.Length);
        foreach (var uid in uids)
        {
            if (directory.People.TryGetSlot(uid, out var slot))
                slots.Add(slot);
        }
        return [.. slots];
    }
}
