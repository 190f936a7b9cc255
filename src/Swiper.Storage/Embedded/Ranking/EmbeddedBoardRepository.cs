using Swiper.Core.Ranking;
using Swiper.Storage.Embedded.Indexes;

namespace Swiper.Storage.Embedded.Ranking;

/// <summary>The boards of the embedded engine, always as of now.</summary>
internal sealed class EmbeddedBoardRepository(EmbeddedEngine engine) : IBoardRepository
{
    public ValueTask<IReadOnlyList<BoardStanding>> TopAsync(BoardName board, int n)
    {
        var entries = new BoardEntry[n];
        return ValueTask.FromResult<IReadOnlyList<BoardStanding>>(
            Standings(entries.AsSpan(0, engine.Boards[board].Top(entries)), firstRank: 1));
    }

    public ValueTask<BoardStanding?> RankOfAsync(BoardName board, long uid) => ValueTask.FromResult<BoardStanding?>(
        engine.People.TryGetSlot(uid, out var slot) && engine.Boards[board].TryGetRank(slot, out var rank, out var score)
            ? new BoardStanding(rank, uid, score)
            : null);

    public ValueTask<IReadOnlyList<BoardStanding>> AroundAsync(BoardName board, long uid, int n)
    {
        if (!engine.People.TryGetSlot(uid, out var slot))
            return ValueTask.FromResult<IReadOnlyList<BoardStanding>>([]);
        var entries = new BoardEntry[n];
        var count = engine.Boards[board].Around(slot, entries, out var firstRank);
        return ValueTask.FromResult<IReadOnlyList<BoardStanding>>(Standings(entries.AsSpan(0, count), firstRank));
    }

    private static BoardStanding[] Standings(ReadOnlySpan<BoardEntry> entries, int firstRank)
    {
        var standings = new BoardStanding[entries.Length];
        for (var index = 0; index < entries.Length; index++)
            standings[index] = new BoardStanding(firstRank + index, entries[index].Uid, entries[index].Score);
        return standings;
    }
}
