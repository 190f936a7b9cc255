using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Embedded.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded;

/// <summary>
/// Builds the indexes from the files before the lanes start, all shards in parallel:
/// 1. users and revoked tokens;
/// 2. swipes: the swipers' sets and the scores;
/// 3. unanswered likes, oldest first; and what a crash prevented: mutual likes without a friendship, a fresh superlike without its notice.
///    Nothing else is repaired or counted.
/// </summary>
internal sealed class IndexRebuild(EmbeddedEngine engine, ILogger logger)
{
    // A superlike's notice is written within a batch or two; an hour is ample, even for a disk that was full for a while.
    private const long FreshMs = 3_600_000;

    private readonly Lock _gate = new();
    private readonly List<FollowUp> _unfinished = [];
    private int _superlikes;
    private long _users;
    private long _swipes;
    private long _lastUid;
    private long _newestSwipe;

    /// <summary>Returns the follow-ups to write once the lanes run.</summary>
    public IReadOnlyList<FollowUp> Run()
    {
        var began = engine.Clock.GetTimestamp();
        using (engine.Clock.CreateTimer(_ => StorageLog.Rebuilding(logger, Volatile.Read(ref _users), Volatile.Read(ref _swipes)),
            null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
        {
            engine.Boards.StartLoad();
            // :: Step 1
            Parallel.ForEach(engine.Shards, ReadUsers);
            // :: Step 2
            Parallel.ForEach(engine.Shards, ReadSwipes);
            engine.Boards.FinishLoad();
            // :: Step 3
            var likes = new PendingLikes(engine);
            Parallel.ForEach(engine.Shards, shard => ReadLikes(shard, likes));
            likes.Load();
        }
        engine.Uids.NotBefore(_lastUid);

        if (engine.Clock.GetElapsedTime(began) is { TotalSeconds: >= 1 and var seconds })
            StorageLog.Rebuilt(logger, _users, _swipes, seconds);
        if (_unfinished.Count > 0)
            StorageLog.Mending(logger, _unfinished.Count - _superlikes, _superlikes);
        return _unfinished;
    }

    private void ReadUsers(EmbeddedShard shard)
    {
        using var lease = shard.Readers.Rent();
        var rows = lease.Reader.AllUsers;
        var lastUid = 0L;
        while (rows.Step())
        {
            var uid = rows.Int64(0);
            lastUid = Math.Max(lastUid, uid);
            Place? place = rows.IsNull(3) || rows.IsNull(4) ? null : new Place(rows.Double(3), rows.Double(4));
            engine.Directory.Load(uid, Person.Of((Sex)rows.Int64(1), (int)rows.Int64(2), place, rows.Text(5), engine.People.Locations));
            Interlocked.Increment(ref _users);
        }

        var now = engine.Clock.NowMs();
        var revoked = lease.Reader.AllRevoked;
        while (revoked.Step())
        {
            if (revoked.Int64(1) > now)
                engine.Revoked[revoked.Int64(0)] = revoked.Int64(1);
        }
        lock (_gate)
            _lastUid = Math.Max(_lastUid, lastUid);
    }

    private void ReadSwipes(EmbeddedShard shard)
    {
        const int Batch = 1024;
        var scores = new ScoreChange[Batch];
        var count = 0;
        var newest = 0L;
        using var lease = shard.Readers.Rent();
        var rows = lease.Reader.AllSwipes;
        while (rows.Step())
        {
            // This program never writes a row of an unknown user; ignore it.
            if (!engine.People.TryGetSlot(rows.Int64(0), out var swiper) || !engine.People.TryGetSlot(rows.Int64(1), out var target))
                continue;
            var (kind, at) = ((SwipeKind)rows.Int64(2), rows.Int64(3));
            shard.Swiped.TryAdd(swiper, target, kind);
            newest = Math.Max(newest, at);
            scores[count++] = new ScoreChange(target, Points.For(kind), at);
            if (count == Batch)
            {
                engine.Boards.Apply(scores);
                Interlocked.Add(ref _swipes, count);
                count = 0;
            }
        }
        engine.Boards.Apply(scores.AsSpan(0, count));
        Interlocked.Add(ref _swipes, count);
        lock (_gate)
            _newestSwipe = Math.Max(_newestSwipe, newest);
    }

    private void ReadLikes(EmbeddedShard shard, PendingLikes likes)
    {
        using var lease = shard.Readers.Rent();
        var rows = lease.Reader.AllSwipes;
        var friends = lease.Reader.AreFriends;
        while (rows.Step())
        {
            var (uid, sid, kind, at) = (rows.Int64(0), rows.Int64(1), (SwipeKind)rows.Int64(2), rows.Int64(3));
            if (kind == SwipeKind.Dislike
                || !engine.People.TryGetSlot(uid, out var liker) || !engine.People.TryGetSlot(sid, out var liked))
                continue;

            // Nothing writes yet, so other shards' sets can be read without locks.
            var other = engine.ShardOf(sid);
            var answered = other.Swiped.TryGet(liked, liker, out var answer);
            if (!answered)
                likes.Add(liked, liker, kind, at);
            if (kind == SwipeKind.Superlike && at > _newestSwipe - FreshMs && !IsNotified(other, sid, uid, at))
                MendSuperlike(other, sid, uid, at);
            if (answered && answer != SwipeKind.Dislike && !IsFriend(friends, uid, sid))
                MendMatch(shard, uid, sid, at);
        }
    }

    private static bool IsNotified(EmbeddedShard shard, long uid, long superliker, long at)
    {
        using var lease = shard.Readers.Rent();
        var push = lease.Reader.FindPush;
        push.Bind(1, uid);
        push.Bind(2, (long)Opcode.Superliked);
        push.Bind(3, superliker);
        push.Bind(4, at);
        if (push.Step())
            return true;

        // A notice older than all kept ones was written and pruned: a crash only loses the newest.
        var oldest = lease.Reader.OldestPush;
        oldest.Bind(1, uid);
        return oldest.Step() && oldest.Int64(0) > 1 && oldest.Int64(1) >= at;
    }

    private void MendSuperlike(EmbeddedShard shard, long uid, long superliker, long at)
    {
        Interlocked.Increment(ref _superlikes);
        Mend(FollowUp.Superlike(shard, uid, superliker, at, origin: null));
    }

    // Each side's row is looked up from that side's like, in its own file; a side that lacks its row gets it.
    private void MendMatch(EmbeddedShard shard, long uid, long sid, long at)
    {
        var completed = CompletedBy(uid, sid, at);
        Mend(FollowUp.Match(shard, uid, sid, completed.Completer, completed.At, origin: null));
    }

    private (long Completer, long At) CompletedBy(long uid, long sid, long at)
    {
        using var lease = engine.ShardOf(sid).Readers.Rent();
        // If the other row was written, the two must agree.
        var find = lease.Reader.FindFriend;
        find.Bind(1, sid);
        find.Bind(2, uid);
        if (find.Step())
        {
            var known = (find.Int64(1), find.Int64(0));
            find.Reset();
            return known;
        }

        var swipe = lease.Reader.FindSwipe;
        swipe.Bind(1, sid);
        swipe.Bind(2, uid);
        var otherAt = swipe.Step() ? swipe.Int64(0) : 0;
        swipe.Reset();
        // The later swipe completed the match; on a tie that of the greater uid, so that both sides decide alike.
        return otherAt > at || (otherAt == at && sid > uid) ? (sid, otherAt) : (uid, at);
    }

    private void Mend(FollowUp followUp)
    {
        lock (_gate)
            _unfinished.Add(followUp);
    }

    private static bool IsFriend(Sqlite.SqliteStatement friends, long uid, long sid)
    {
        friends.Bind(1, uid);
        friends.Bind(2, sid);
        var found = friends.Step();
        friends.Reset();
        return found;
    }
}
