using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// The `swipers` rows of a lane's batch: each user's last swipe and likes of the day. They are written with one multi-row statement; only
/// those of users whose likes are limited are read before, under a lock that other hosts wait for.
/// </summary>
/// <remarks>
/// A swipe gets a later time than any earlier one of its swiper, so that times tell which came first and which match is which. A lane
/// remembers what it has given, so that swipes of the same millisecond get different ones. That another host, or this one before its
/// clock was set back, has given a later one, the statement that writes the row finds out: it fails, the batch is rolled back and runs
/// again, and the lane reads the rows before for a while. So this costs nothing as long as clocks agree.
/// </remarks>
internal sealed class SwiperRows(TimeProvider clock)
{
    // The times given last, by a hash of the uid. They only save failures, so those of several users may share one.
    private const int Remembered = 1 << RememberedBits;
    private const int RememberedBits = 12;

    private static readonly TimeSpan ReadsFor = TimeSpan.FromSeconds(10);

    private readonly long[] _given = new long[Remembered];
    private readonly Dictionary<long, Limit> _limits = [];
    private readonly Dictionary<long, long> _lastAt = [];
    private readonly HashSet<SwipeOperation> _leftOut = [];
    private readonly Dictionary<long, Row> _rows = [];
    private readonly MultiRowInsert _lock =
        new("INSERT INTO swipers (uid, last_sid, last_at, day, likes, rewinds) VALUES", columns: 6, " ON DUPLICATE KEY UPDATE uid = uid",
            keyColumns: 1);
    private readonly KeyedSelect _find = new("SELECT uid, day, likes, last_at FROM swipers WHERE uid IN", columns: 1);

    private readonly MultiRowInsert _put = PutRows(counts: "day = VALUES(day)");

    // What was counted on the next day counts, too: it has begun by a clock that is a little ahead.
    private readonly MultiRowInsert _putAtEndOfDay = PutRows(counts: "day IN (VALUES(day), VALUES(day) + 1)");

    private long _conflictAt;
    private bool _hadConflict;

    /// <param name="Now">When the first of the swipes was asked for.</param>
    /// <param name="Left">How many likes the user may still make; below 0 where some were left out.</param>
    /// <param name="Unused">How many that were to be made turned out to be made before.</param>
    private record struct Limit(long Now, int Left, int Unused);

    private record struct Row(long LastSid, long FirstAt, long LastAt, long MadeAt, int Likes);

    /// <summary>Within a while of a conflict there may be more: the times given before are read from the rows.</summary>
    public bool ReadsTimes => _hadConflict && clock.GetElapsedTime(_conflictAt) < ReadsFor;

    /// <summary>Finds out how many likes those may make whose likes are limited.</summary>
    public void FindLimits(ShardConnection connection, List<SwipeOperation> swipes)
    {
        foreach (var operation in swipes)
        {
            if (operation.MostLikes == int.MaxValue)
                continue;
            if (_limits.TryAdd(operation.Swipe.Uid, new Limit(operation.AskedAt, operation.MostLikes, Unused: 0)))
                Ask(operation);
        }

        Read(connection, static (rows, uid, day, likes) =>
        {
            ref var limit = ref CollectionsMarshal.GetValueRefOrNullRef(rows._limits, uid);
            if (SwipeRules.CountsOn(day, limit.Now))
                limit.Left = Math.Max(0, limit.Left - likes);
        });
    }

    /// <summary>
    /// After a conflict: finds out the last times of those whose likes are not limited. Only once their swipes are inserted, because all
    /// hosts lock the rows of swipes before these.
    /// </summary>
    public void FindTimes(ShardConnection connection, IEnumerable<SwipeOperation> swipes)
    {
        foreach (var operation in swipes)
        {
            if (!_lastAt.ContainsKey(operation.Swipe.Uid))
                Ask(operation);
        }

        Read(connection, static (_, _, _, _) => { });
    }

    /// <summary>Gives a swipe that is to be inserted its time.</summary>
    public void GiveTime(SwipeOperation operation)
    {
        var now = operation.AskedAt;
        ref var given = ref _given[(int)((ulong)operation.Swipe.Uid * 0x9E3779B97F4A7C15 >> (64 - RememberedBits))];
        // What runs further ahead of the clock was given before that was set back.
        var at = given >= now && !SwipeRules.IsAhead(given, now) ? given + 1 : now;
        given = at;
        operation.GiveTime(at);
        GiveLaterTime(operation);
    }

    /// <summary>Gives a swipe a later time than the last one, if that is known; returns whether it needed another.</summary>
    public bool GiveLaterTime(SwipeOperation operation)
    {
        ref var lastAt = ref CollectionsMarshal.GetValueRefOrNullRef(_lastAt, operation.Swipe.Uid);
        if (Unsafe.IsNullRef(ref lastAt))
            return false;
        var at = Math.Max(operation.Swipe.At, lastAt + 1);
        lastAt = at;
        if (at == operation.Swipe.At)
            return false;
        operation.GiveTime(at);
        return true;
    }

    /// <summary>Whether the swipe is to be inserted. If not, it was made before or is one too many.</summary>
    public bool MayInsert(SwipeOperation operation)
    {
        if (operation.MostLikes == int.MaxValue)
            return true;
        ref var limit = ref CollectionsMarshal.GetValueRefOrNullRef(_limits, operation.Swipe.Uid);
        if (limit.Left > 0)
        {
            limit.Left--;
            return true;
        }

        _leftOut.Add(operation);
        return false;
    }

    public bool IsLeftOut(SwipeOperation operation) => _leftOut.Contains(operation);

    /// <summary>The swipe was no new one: if it is a like, another may be made instead.</summary>
    public void WasNotMade(SwipeOperation operation)
    {
        if (operation.MostLikes != int.MaxValue && !IsLeftOut(operation))
            CollectionsMarshal.GetValueRefOrNullRef(_limits, operation.Swipe.Uid).Unused++;
    }

    /// <summary>Whether a new swipe that was left out may be made in another batch.</summary>
    public bool MayTryAgain(SwipeOperation operation) => _limits[operation.Swipe.Uid].Unused > 0;

    /// <summary>Writes what the new ones among the swipes change.</summary>
    /// <exception cref="WriteConflictException">A later time than one of theirs has been given to an earlier swipe.</exception>
    public void Put(ShardConnection connection, List<SwipeOperation> swipes)
    {
        var isEndOfDay = false;
        foreach (var operation in swipes)
        {
            if (!operation.IsNew)
                continue;
            var (swipe, madeAt) = (operation.Swipe, operation.AskedAt);
            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, swipe.Uid, out var isKnown);
            row = new Row(
                swipe.Sid, isKnown ? row.FirstAt : swipe.At, swipe.At, Math.Max(row.MadeAt, madeAt),
                row.Likes + (swipe.Kind == SwipeKind.Like ? 1 : 0));
            isEndOfDay |= SwipeRules.LatestDay(madeAt) != WireTime.DayNumber(madeAt);
        }

        var put = isEndOfDay ? _putAtEndOfDay : _put;
        foreach (var (uid, row) in _rows)
            put.Add(uid, row.LastSid, row.FirstAt, row.LastAt, row.MadeAt, WireTime.DayNumber(row.MadeAt), row.Likes, 0);
        try
        {
            put.Execute(connection);
        }
        catch (DbException exception) when (TransientErrors.IsNullRefused(exception))
        {
            (_hadConflict, _conflictAt) = (true, clock.GetTimestamp());
            throw new WriteConflictException(exception);
        }
    }

    public void Clear()
    {
        _limits.Clear();
        _lastAt.Clear();
        _leftOut.Clear();
        _rows.Clear();
        _lock.Clear();
        _find.Clear();
        _put.Clear();
        _putAtEndOfDay.Clear();
    }

    // It refuses to go on, by a NULL that the column does not take, if an earlier swipe has a later time. What was counted on another day
    // counts no longer: a later day is that of a clock that was wrong.
    private static MultiRowInsert PutRows(string counts) => new(
        "INSERT INTO swipers (uid, last_sid, first_at, last_at, made_at, day, likes, rewinds) VALUES", columns: 8,
        $"""
         ON DUPLICATE KEY UPDATE
            last_sid = VALUES(last_sid), last_at = IF(VALUES(first_at) > last_at, VALUES(last_at), NULL), first_at = VALUES(first_at),
            made_at = VALUES(made_at), likes = IF({counts}, likes, 0) + VALUES(likes), rewinds = IF({counts}, rewinds, 0),
            day = IF({counts}, day, VALUES(day))
        """,
        keyColumns: 1);

    private void Ask(SwipeOperation operation)
    {
        var uid = operation.Swipe.Uid;
        if (!_lastAt.TryAdd(uid, 0))
            return;
        _lock.Add(uid, 0, 0, WireTime.DayNumber(operation.AskedAt), 0, 0);
        _find.Add(uid);
    }

    private void Read(ShardConnection connection, Action<SwiperRows, long, int, int> found)
    {
        if (_lock.Count == 0)
            return;
        _lock.Execute(connection);
        _find.Execute(connection, row =>
        {
            _lastAt[row.GetInt64(0)] = row.GetInt64(3);
            found(this, row.GetInt64(0), row.GetInt32(1), row.GetInt32(2));
        });
    }
}
