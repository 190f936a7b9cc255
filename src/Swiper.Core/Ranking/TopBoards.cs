using Swiper.Core.Accounts;

namespace Swiper.Core.Ranking;

/// <summary>
/// Caches the top of each board for at most <see cref="OldestMs"/>. From half that age on a new snapshot is taken while callers get the
/// last one; they wait only if there was no request for a while, or if a store is slow.
/// </summary>
internal sealed class TopBoards(IBoardRepository boards, BoardPeople people, TimeProvider clock)
{
    /// <summary>The longest top there is.</summary>
    public const int Size = 50;

    /// <summary>The age of the oldest top that anybody is answered, counted from when it was asked for.</summary>
    public const int OldestMs = 1000;

    private static readonly TimeSpan Oldest = TimeSpan.FromMilliseconds(OldestMs);
    private static readonly TimeSpan Fresh = Oldest / 2;

    private readonly Slot[] _slots = [.. Enum.GetValues<BoardName>().Select(_ => new Slot())];

    public ValueTask<TopSnapshot> GetAsync(BoardName board)
    {
        var slot = _slots[(int)board];
        var snapshot = Volatile.Read(ref slot.Snapshot);
        var asked = clock.GetTimestamp();
        if (snapshot is null || clock.GetElapsedTime(snapshot.Timestamp, asked) > Oldest)
            return new ValueTask<TopSnapshot>(WaitAsync(board, slot, snapshot, asked));
        if (clock.GetElapsedTime(snapshot.Timestamp, asked) > Fresh)
            _ = Refresh(board, slot, snapshot);
        return ValueTask.FromResult(snapshot);
    }

    // If the store is slow, the snapshot in flight may already be too old; one begun after it is recent enough.
    private async Task<TopSnapshot> WaitAsync(BoardName board, Slot slot, TopSnapshot? seen, long asked)
    {
        var snapshot = await Refresh(board, slot, seen).ConfigureAwait(false);
        return clock.GetElapsedTime(snapshot.Timestamp, asked) > Oldest
            ? await Refresh(board, slot, snapshot).ConfigureAwait(false)
            : snapshot;
    }

    // By itself, because its closure would otherwise be made for every reader.
    private Task<TopSnapshot> Refresh(BoardName board, Slot slot, TopSnapshot? seen)
    {
        lock (slot)
        {
            if (slot.Refresh is { IsCompleted: false })
                return slot.Refresh;
            // A refresh that ended since the caller looked has done the work already.
            if (slot.Snapshot is { } newer && newer != seen)
                return Task.FromResult(newer);
            return slot.Refresh = Task.Run(() => RefreshAsync(board, slot));
        }
    }

    private async Task<TopSnapshot> RefreshAsync(BoardName board, Slot slot)
    {
        var timestamp = clock.GetTimestamp();
        var snapshot = new TopSnapshot(await people.NameAsync(await boards.TopAsync(board, Size)), timestamp);
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
