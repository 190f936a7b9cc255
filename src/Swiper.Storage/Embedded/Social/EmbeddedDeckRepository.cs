using System.Buffers;
using System.Collections.Immutable;
using Swiper.Core.Accounts;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Social;

/// <summary>Decks of the embedded engine, from memory.</summary>
internal sealed class EmbeddedDeckRepository : IDeckRepository
{
    private readonly EmbeddedEngine _engine;
    private readonly DeckSearch _search;
    private readonly Func<int, Sex, int, DeckHistory> _historyOf;

    public EmbeddedDeckRepository(EmbeddedEngine engine)
    {
        _engine = engine;
        var all = engine.Boards[BoardName.All];
        _search = new DeckSearch(engine.Directory, slot => all.ScoreOf(slot));
        _historyOf = HistoryOf;
    }

    public ValueTask<DeckDraw> DrawAsync(
        Profile profile, int count, DateOnly today, bool why = false, CancellationToken left = default) =>
        _search.DrawAsync(profile, count, today, why, _historyOf, left);

    public void Shown(long uid, DeckDraw draw, int count, DateOnly today) => _search.Shown(uid, draw, count, today);

    /// <summary>The user's history, of which the lane waits for a bounded part to be copied.</summary>
    internal DeckHistory HistoryOf(int me, Sex datingSex, int count)
    {
        var uid = _engine.People.UidOf(me);
        var shard = _engine.ShardOf(uid);
        var likers = ArrayPool<Liker>.Shared.Rent(count);
        try
        {
            lock (shard.Gate)
            {
                var swiped = shard.Swiped.Of(me);
                var hidden = new Hidden(_engine.People, datingSex, _engine.Directory.ApartFrom(uid));
                var slots = new int[shard.Likers.CopySuperlikersTo(me, likers.AsSpan(0, count), swiped, hidden)];
                for (var i = 0; i < slots.Length; i++)
                    slots[i] = likers[i].Slot;
                return swiped.Places <= DeckHistory.MostPlaces
                    ? DeckHistory.Of(swiped, slots)
                    : DeckHistory.Of(new SwipesInShard(shard, me), slots);
            }
        }
        finally
        {
            ArrayPool<Liker>.Shared.Return(likers);
        }
    }

    /// <summary>Those of the other sex, those out of decks, and those who must not meet the user.</summary>
    private readonly struct Hidden(PeopleIndex people, Sex datingSex, ImmutableHashSet<long>? apart) : ISlotFilter
    {
        public bool Drops(int slot) =>
            !people[slot].CanBeShownTo(datingSex) || (apart is not null && apart.Contains(people.UidOf(slot)));
    }
}
