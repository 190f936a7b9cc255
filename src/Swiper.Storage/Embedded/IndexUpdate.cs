using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Indexes;
using Swiper.Storage.Social;

namespace Swiper.Storage.Embedded;

/// <summary>
/// Brings indexes that were read while another process wrote the files up to date: of every row that it has written since before the
/// reading, what the file says now is shown instead of what was read, whichever of the two was read.
/// </summary>
internal sealed class IndexUpdate(EmbeddedIndexes indexes, IndexReader[] readers)
{
    private readonly HashSet<long> _changedSwipers = [];

    /// <summary>Applies the changes; false if it can't tell what was read, and the indexes are of no use any more.</summary>
    public bool TryRun(IReadOnlyCollection<RowChange> changes)
    {
        // :: Step 1: everybody whom the rest is about.
        foreach (var change in changes)
        {
            if (change.Row == ChangedRow.User && !TryShowUser(change.Uid))
                return false;
        }

        foreach (var change in changes)
        {
            switch (change.Row)
            {
                case ChangedRow.User or ChangedRow.Swipe:
                    break;
                case ChangedRow.Activity:
                    ShowActivity(change.Uid);
                    break;
                case ChangedRow.Block:
                    ShowBlock(ReaderOf(change.Uid).Block, change, indexes.Directory.Blocks);
                    break;
                case ChangedRow.FormerFriends:
                    ShowBlock(ReaderOf(change.Uid).FormerFriend, change, indexes.Directory.FormerFriends);
                    break;
                case ChangedRow.Rewinds:
                    _changedSwipers.Add(change.Uid);
                    break;
                default:
                    return false;
            }
        }

        // :: Step 2
        var added = new List<Swipe>();
        foreach (var times in changes.Where(static change => change.Row == ChangedRow.Swipe).GroupBy(
            static change => (change.Uid, change.Other), static change => change.At))
        {
            if (!TryShowSwipe(times.Key.Uid, times.Key.Other, [.. times], added))
                return false;
        }

        // :: Step 3: as each swiper made them, which is the order of the times.
        added.Sort(static (a, b) => a.At.CompareTo(b.At));
        foreach (var swipe in added)
        {
            if (!_changedSwipers.Contains(swipe.Uid))
            {
                var states = indexes.ShardOf(swipe.Uid).Swipers;
                states.Pass(swipe.Swiper, swipe.At);
                states.Swiped(swipe.Swiper, swipe.Target, swipe.Kind, swipe.At, swipe.At);
            }
            if (swipe.Kind != SwipeKind.Dislike)
                ShowLike(swipe.Uid, swipe.Other);
        }
        foreach (var uid in _changedSwipers)
            ReadSwiper(uid);
        return true;
    }

    private IndexReader ReaderOf(long uid) => readers[indexes.NumberOf(uid)];

    // Nobody is ever deleted by this version.
    private bool TryShowUser(long uid)
    {
        var row = ReaderOf(uid).User;
        row.Bind(1, uid);
        if (!row.Step())
            return false;
        var person = IndexRebuild.PersonIn(row, indexes.People.Locations);
        row.Reset();
        indexes.Directory.Put(uid, person);
        return true;
    }

    private void ShowActivity(long uid)
    {
        var row = ReaderOf(uid).Activity;
        row.Bind(1, uid);
        if (row.Step() && indexes.People.TryGetSlot(uid, out var slot))
            indexes.Directory.Activity.Note(slot, ActivityIndex.HourOf(row.Int64(0)));
        row.Reset();
    }

    private static void ShowBlock(SqliteStatement row, RowChange change, BlockIndex into)
    {
        row.Bind(1, change.Uid);
        row.Bind(2, change.Other);
        into.Put(change.Uid, change.Other, isBlocked: row.Step());
        row.Reset();
    }

    private bool TryShowSwipe(long uid, long sid, long[] times, List<Swipe> added)
    {
        if (!indexes.People.TryGetSlot(uid, out var swiper) || !indexes.People.TryGetSlot(sid, out var target))
            return true;
        var shard = indexes.ShardOf(uid);
        var (row, at) = Find(uid, sid);
        var now = row is >= (int)SwipeKind.Like and <= (int)SwipeKind.Dislike ? (SwipeKind)row : (SwipeKind?)null;
        if (shard.Swiped.TryGet(swiper, target, out var read))
        {
            // Swiped, taken back and swiped again: which of the two swipes was read?
            if (times is not [var readAt])
                return false;
            if (now == read)
                return true;
            if (now is not null)
                return false;
            shard.Swiped.Remove(swiper, target);
            indexes.Boards.Apply([new ScoreChange(target, -Points.For(read), readAt)]);
            HideLike(sid, target, swiper);
            // The other's like is unanswered again.
            ShowLike(sid, uid);
            _changedSwipers.Add(uid);
        }
        else if (now is { } kind)
        {
            shard.Swiped.TryAdd(swiper, target, kind);
            indexes.Boards.Apply([new ScoreChange(target, Points.For(kind), at)]);
            added.Add(new Swipe(uid, sid, swiper, target, kind, at));
        }

        if (TakenBackSwipe.Is(row))
            shard.TakenBack.Add((swiper, target));
        else
            shard.TakenBack.Remove((swiper, target));
        if (now is null)
            _changedSwipers.Add(uid);
        return true;
    }

    private void HideLike(long uid, int liked, int liker) => indexes.ShardOf(uid).Likers.Remove(liked, liker, SwipeKind.Superlike);

    // A like that stands and is unanswered.
    private void ShowLike(long uid, long sid)
    {
        if (!indexes.People.TryGetSlot(uid, out var liker) || !indexes.People.TryGetSlot(sid, out var liked))
            return;
        var (row, at) = Find(uid, sid);
        var shard = indexes.ShardOf(sid);
        var theirs = shard.Swiped.Of(liked);
        HideLike(sid, liked, liker);
        if (row is (int)SwipeKind.Like or (int)SwipeKind.Superlike && !theirs.Drops(liker))
            shard.Likers.Add(liked, new Liker(liker, (SwipeKind)row, at), theirs);
    }

    // Once something was taken back, what was last is among all the others.
    private void ReadSwiper(long uid)
    {
        if (!indexes.People.TryGetSlot(uid, out var swiper))
            return;
        var states = indexes.ShardOf(uid).Swipers;
        states.Forget(swiper);
        var rows = ReaderOf(uid).SwipesOf;
        rows.Bind(1, uid);
        var last = long.MinValue;
        while (rows.Step())
        {
            var at = rows.Int64(3);
            if (!indexes.People.TryGetSlot(rows.Int64(1), out var target))
                continue;
            if (TakenBackSwipe.Is((int)rows.Int64(2)))
            {
                states.Pass(swiper, at);
                continue;
            }
            states.Load(swiper, target, (SwipeKind)rows.Int64(2), at, isLast: at >= last);
            last = Math.Max(last, at);
        }

        var rewinds = ReaderOf(uid).RewindsOf;
        rewinds.Bind(1, uid);
        while (rewinds.Step())
        {
            states.Pass(swiper, rewinds.Int64(1));
            if (rewinds.Int64(2) is var madeAt and > 0)
                states.LoadAhead(swiper, madeAt, (int)rewinds.Int64(3));
        }
    }

    private (int Kind, long At) Find(long uid, long sid)
    {
        var row = ReaderOf(uid).Swipe;
        row.Bind(1, uid);
        row.Bind(2, sid);
        (int, long) found = row.Step() ? ((int)row.Int64(0), row.Int64(1)) : default;
        row.Reset();
        return found;
    }

    private readonly record struct Swipe(long Uid, long Other, int Swiper, int Target, SwipeKind Kind, long At);
}
