using System.Runtime.InteropServices;
using Swiper.Core.Social;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// The `swipers` rows of a lane's batch: each user's last swipe and likes of the day. They are written with one multi-row statement; only
/// those of users whose likes are limited are read before, under a lock that other hosts wait for.
/// </summary>
internal sealed class SwiperRows
{
    private readonly Dictionary<long, Limit> _limits = [];
    private readonly HashSet<SwipeOperation> _leftOut = [];
    private readonly Dictionary<long, Row> _rows = [];
    private readonly MultiRowInsert _lock =
        new("INSERT INTO swipers (uid, last_sid, last_at, day, likes, rewinds) VALUES", columns: 6, " ON DUPLICATE KEY UPDATE uid = uid",
            keyColumns: 1);
    private readonly KeyedSelect _find = new("SELECT uid, day, likes FROM swipers WHERE uid IN", columns: 1);

    // A like that was stamped before midnight and written after one of the new day counts on that.
    private readonly MultiRowInsert _put = new(
        "INSERT INTO swipers (uid, last_sid, last_at, day, likes, rewinds) VALUES", columns: 6,
        """
         ON DUPLICATE KEY UPDATE
            last_sid = IF(VALUES(last_at) >= last_at, VALUES(last_sid), last_sid), last_at = GREATEST(last_at, VALUES(last_at)),
            likes = IF(VALUES(day) > day, 0, likes) + VALUES(likes), rewinds = IF(VALUES(day) > day, 0, rewinds),
            day = GREATEST(day, VALUES(day))
        """,
        keyColumns: 1);

    /// <param name="Day">The day of the swipes.</param>
    /// <param name="Left">How many likes the user may still make; below 0 where some were left out.</param>
    /// <param name="Unused">How many that were to be made turned out to be made before.</param>
    private record struct Limit(int Day, int Left, int Unused);

    private record struct Row(long LastSid, long LastAt, int Day, int Likes);

    /// <summary>Finds out how many likes those may make whose likes are limited.</summary>
    public void FindLimits(ShardConnection connection, List<SwipeOperation> swipes)
    {
        foreach (var operation in swipes)
        {
            var (uid, day) = (operation.Swipe.Uid, SwipeRules.DayOf(operation.Swipe.At));
            if (operation.MostLikes == int.MaxValue || !_limits.TryAdd(uid, new Limit(day, operation.MostLikes, Unused: 0)))
                continue;
            _lock.Add(uid, 0, 0, day, 0, 0);
            _find.Add(uid);
        }

        if (_limits.Count == 0)
            return;
        _lock.Execute(connection);
        _find.Execute(connection, row =>
        {
            ref var limit = ref CollectionsMarshal.GetValueRefOrNullRef(_limits, row.GetInt64(0));
            if (row.GetInt32(1) >= limit.Day)
                limit.Left = Math.Max(0, limit.Left - row.GetInt32(2));
        });
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

    /// <summary>Writes what the new swipes change.</summary>
    public void Put(ShardConnection connection, ReadOnlySpan<IndexedSwipe> swipes)
    {
        foreach (ref readonly var swipe in swipes)
        {
            var (day, likes) = (SwipeRules.DayOf(swipe.At), swipe.Kind == SwipeKind.Like ? 1 : 0);
            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, swipe.Uid, out _);
            if (swipe.At >= row.LastAt)
                (row.LastSid, row.LastAt) = (swipe.Sid, swipe.At);
            (row.Day, row.Likes) = (Math.Max(row.Day, day), row.Likes + likes);
        }

        foreach (var (uid, row) in _rows)
            _put.Add(uid, row.LastSid, row.LastAt, row.Day, row.Likes, 0);
        _put.Execute(connection);
    }

    public void Clear()
    {
        _limits.Clear();
        _leftOut.Clear();
        _rows.Clear();
        _lock.Clear();
        _find.Clear();
        _put.Clear();
    }
}
