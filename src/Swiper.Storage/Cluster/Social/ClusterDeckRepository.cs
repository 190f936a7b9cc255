using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Cluster.Ranking;
using Swiper.Storage.Indexes;
using Swiper.Storage.Redis.Reading;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Decks of the cluster: found in this host's memory, excluding those swiped according to the index or, failing that, the truth.
/// </summary>
internal sealed class ClusterDeckRepository(
    PeopleDirectory directory, Hotness hotness, UserReader index, IndexLag lag, SwipeTruth truth, KnownSwipes known) : IDeckRepository
{
    // The index knows neither sex nor blocks: if too many of the oldest superlikers can't be shown, more are fetched, up to this many.
    private const int MostSuperlikers = 2_000;
    private const int SuperlikersGrowth = 8;

    private readonly DeckSearch _search = new(directory, hotness.PointsOf);

    public async ValueTask<DeckDraw> DrawAsync(
        Profile profile, int count, DateOnly today, bool why = false, CancellationToken left = default)
    {
        left.ThrowIfCancellationRequested();
        var (superlikers, swiped) = await ReadAsync(profile, count).ConfigureAwait(false);
        if (!swiped.AreAll)
            return await DrawAskingAsync(profile, count, today, why, superlikers, swiped, left).ConfigureAwait(false);
        return await _search.DrawAsync(
            profile, count, today, why, (_, _, _) => DeckHistory.Of(SlotsOf(swiped.Uids), superlikers), left).ConfigureAwait(false);
    }

    public void Shown(long uid, DeckDraw draw, int count, DateOnly today) => _search.Shown(uid, draw, count, today);

    // The search has a turn of its own each time, so that nobody waits for Redis in one.
    private async ValueTask<DeckDraw> DrawAskingAsync(
        Profile profile, int count, DateOnly today, bool why, int[] superlikers, ReadSwipes some, CancellationToken left)
    {
        var mine = known.Take(profile.Uid);
        var asked = new AskedSwipes(some.Count, SlotsOf(some.Uids), directory.Turns.NextDraw(), mine.Swiped);
        try
        {
            while (true)
            {
                // The explanation costs as much as the search does.
                var explains = why && asked.IsComplete;
                var draw = await _search.DrawAsync(
                    profile, count, today, explains, (_, _, _) => DeckHistory.Of(asked, superlikers), left).ConfigureAwait(false);
                var wanted = asked.TakeWanted();
                if (wanted.Length == 0 && explains == why)
                    return draw;
                var haveBeenSwiped = await HasSwipedAsync(profile.Uid, wanted).ConfigureAwait(false);
                asked.Learn(wanted, haveBeenSwiped);
            }
        }
        finally
        {
            known.Keep(mine);
        }
    }

    private async ValueTask<bool[]> HasSwipedAsync(long uid, int[] slots)
    {
        if (slots.Length == 0)
            return [];
        var uids = Array.ConvertAll(slots, directory.People.UidOf);
        if (!lag.IsBehind && await index.HasSwipedAsync(uid, uids).ConfigureAwait(false) is { IsKnown: true } answer)
            return answer.Value;
        var swiped = await truth.ReadSwipedOfAsync(uid, uids).ConfigureAwait(false);
        return Array.ConvertAll(uids, swiped.Contains);
    }

    private async ValueTask<(int[] Superlikers, ReadSwipes Swiped)> ReadAsync(Profile profile, int count)
    {
        if (lag.IsBehind || await index.DeckAsync(profile.Uid, count).ConfigureAwait(false) is not { IsKnown: true } first)
            return await ReadFromTruthAsync(profile, count).ConfigureAwait(false);
        var swiped = new ReadSwipes(first.Value.Count, first.Value.Swiped, first.Value.HasAllSwiped);
        var superlikers = first.Value.Superlikers;
        for (var asked = count; ;)
        {
            var shown = ShownOf(superlikers, profile, count);
            if (shown.Length == count || superlikers.Length < asked || asked == MostSuperlikers)
                return (shown, swiped);
            asked = Math.Min(asked * SuperlikersGrowth, MostSuperlikers);
            var more = await index.SuperlikersAsync(profile.Uid, asked).ConfigureAwait(false);
            if (!more.IsKnown)
                return await ReadFromTruthAsync(profile, count).ConfigureAwait(false);
            superlikers = more.Value;
        }
    }

    private async ValueTask<(int[] Superlikers, ReadSwipes Swiped)> ReadFromTruthAsync(Profile profile, int count)
    {
        var superlikes = await truth.ReadSuperlikesAsync(profile.Uid, MostSuperlikers).ConfigureAwait(false);
        // One more tells whether there are more.
        var swiped = await truth.ReadSwipedAsync(profile.Uid, UserReader.MostSwiped + 1).ConfigureAwait(false);
        var all = swiped.Length <= UserReader.MostSwiped;
        return (ShownOf([.. superlikes.Select(like => like.Uid)], profile, count), new ReadSwipes(swiped.Length, swiped, all));
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

    /// <summary>Those whom the user has swiped, or some of them.</summary>
    private readonly record struct ReadSwipes(int Count, long[] Uids, bool AreAll);
}
