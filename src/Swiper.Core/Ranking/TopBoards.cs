using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Core.Ranking;

/// <summary>
/// Keeps the top of each board for a second. While one caller takes a new snapshot the others get the last one, as long as it is
/// young; only when nobody asked for a while do they wait.
/// </summary>
internal sealed class TopBoards(IBoardRepository boards, BoardPeople people, TimeProvider clock)
{
    /// <summary>The longest top there is.</summary>
    public const int Size = 50;

    private const long FreshMs = 1000;
    private const long UsableMs = 3000;

    private readonly Slot[] _slots = [.. Enum.GetValues<BoardName>().Select(_ => new Slot())];

    public ValueTask<TopSnapshot> GetAsync(BoardName board)
    {
        var slot = _slots[(int)board];
        var snapshot = Volatile.Read(ref slot.Snapshot);
        var age = snapshot is null ? long.MaxValue : clock.NowMs() - snapshot.At;
        if (age is >= 0 and < FreshMs)
            return ValueTask.FromResult(snapshot!);

        var refresh = Refresh(board, slot);
        return age is >= 0 and < UsableMs ? ValueTask.FromResult(snapshot!) : new ValueTask<TopSnapshot>(refresh);
    }

    // By itself, because its closure would otherwise be made for every reader.
    private Task<TopSnapshot> Refresh(BoardName board, Slot slot)
    {
        lock (slot)
        {
            if (slot.Refresh is not { IsCompleted: false })
                slot.Refresh = Task.Run(() => RefreshAsync(board, slot));
            return slot.Refresh;
        }
    }

    private async Task<TopSnapshot> RefreshAsync(BoardName board, Slot slot)
    {
        var at = clock.NowMs();
        var snapshot = new TopSnapshot(await people.NameAsync(await boards.TopAsync(board, Size)), at);
        Volatile.Write(ref slot.Snapshot, snapshot);
        return snapshot;
    }

    private sealed class Slot
    {
        public TopSnapshot? Snapshot;
        public Task<TopSnapshot>? Refresh;
    }
}

/// <summary>Puts names and faces to standings.</summary>
internal sealed class BoardPeople(IAccountRepository accounts)
{
    public async ValueTask<IReadOnlyList<BoardPerson>> NameAsync(IReadOnlyList<BoardStanding> standings)
    {
        var people = new List<BoardPerson>(standings.Count);
        for (var index = 0; index < standings.Count; index++)
        {
            var standing = standings[index];
            var profile = (await accounts.FindAsync(standing.Uid))?.Profile;
            people.Add(new BoardPerson(
                standing.Rank, standing.Uid, standing.Score, profile?.Nickname ?? "", profile?.Avatars is [var first, ..] ? first : ""));
        }
        return people;
    }
}
