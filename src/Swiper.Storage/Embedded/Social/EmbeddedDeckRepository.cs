using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Social;

/// <summary>Decks of the embedded engine, from memory.</summary>
internal sealed class EmbeddedDeckRepository : IDeckRepository, IDisposable
{
    private readonly EmbeddedEngine _engine;
    private readonly DeckSearch _search;
    private readonly Func<int, int, DeckHistory> _historyOf;

    public EmbeddedDeckRepository(EmbeddedEngine engine)
    {
        _engine = engine;
        _search = new DeckSearch(engine.Directory);
        _historyOf = HistoryOf;
    }

    public ValueTask<DeckDraw> DrawAsync(Profile profile, int count, DateOnly today) => _search.DrawAsync(profile, count, today, _historyOf);

    public void Dispose() => _search.Dispose();

    private DeckHistory HistoryOf(int me, int count)
    {
        var shard = _engine.ShardOf(_engine.People.UidOf(me));
        Span<Liker> superlikers = new Liker[count];
        lock (shard.Gate)
        {
            var swiped = shard.Swiped.Of(me);
            superlikers = superlikers[..shard.Likers.CopySuperlikersTo(me, superlikers, swiped)];
            var slots = new int[superlikers.Length];
            for (var i = 0; i < slots.Length; i++)
                slots[i] = superlikers[i].Slot;
            return DeckHistory.Of(swiped, slots);
        }
    }
}
