using Dapper;
using Swiper.Core.Dispatch;
using Swiper.Core.Social;

namespace Swiper.Storage.Cluster.Social;

/// <summary>One user's swipes read from the shards: slower than the index, and always right.</summary>
internal sealed class SwipeTruth(ClusterShards shards)
{
    private const int MostAtOnce = 2_000;
    private const int Growth = 4;

    /// <summary>At most so many of those whom the user has swiped.</summary>
    public async ValueTask<long[]> ReadSwipedAsync(long uid, int limit) => [.. await shards.Of(uid).ReadAsync(
        (uid, limit), static (connection, which) => connection.QueryAsync<long>(
            "SELECT sid FROM swiped WHERE uid = @uid AND kind <= 3 LIMIT @limit", new { which.uid, which.limit })).ConfigureAwait(false)];

    /// <summary>Those of some others whom the user has swiped.</summary>
    public async ValueTask<HashSet<long>> ReadSwipedOfAsync(long uid, IReadOnlyCollection<long> others) => others.Count == 0
        ? []
        : [.. await shards.Of(uid).ReadAsync(
            (uid, others), static (connection, which) => connection.QueryAsync<long>(
                "SELECT sid FROM swiped WHERE uid = @uid AND sid IN @others AND kind <= 3",
                new { which.uid, which.others })).ConfigureAwait(false)];

    /// <summary>Those who like the user and whom the user has not swiped: a page, newest first.</summary>
    public ValueTask<List<ReceivedLike>> ReadLikesAsync(long uid, PageCursor? after, int limit) => ReadPageAsync(
        uid,
        """
        SELECT uid, kind, at FROM swiped WHERE sid = @uid AND kind < 3 AND (at < @at OR at = @at AND uid < @other)
        ORDER BY at DESC, uid DESC LIMIT @limit
        """,
        after ?? PageCursor.Start, limit, static (one, other) => Compare(other, one));

    /// <summary>Those who superlike the user and whom the user has not swiped: so many of the oldest, in their order.</summary>
    public ValueTask<List<ReceivedLike>> ReadSuperlikesAsync(long uid, int limit) => ReadPageAsync(
        uid,
        """
        SELECT uid, kind, at FROM swiped WHERE sid = @uid AND kind = 2 AND (at > @at OR at = @at AND uid > @other)
        ORDER BY at, uid LIMIT @limit
        """,
        new PageCursor(long.MinValue, long.MinValue), limit, Compare);

    // Answered ones are passed over by further pages, each read from every shard and merged.
    private async ValueTask<List<ReceivedLike>> ReadPageAsync(
        long uid, string sql, PageCursor after, int limit, Comparison<ReceivedLike> order)
    {
        var open = new List<ReceivedLike>();
        for (var size = limit; ; size = Math.Clamp(size * Growth, limit, Math.Max(limit, MostAtOnce)))
        {
            var page = await ReadAsync(uid, sql, after, size).ConfigureAwait(false);
            var isLast = page.Count < size;
            page.Sort(order);
            page.RemoveRange(Math.Min(size, page.Count), Math.Max(0, page.Count - size));
            var swiped = await ReadSwipedOfAsync(uid, [.. page.Select(like => like.Uid)]).ConfigureAwait(false);
            open.AddRange(page.Where(like => !swiped.Contains(like.Uid)).Take(limit - open.Count));
            if (isLast || open.Count == limit)
                return open;
            after = page[^1].Cursor;
        }
    }

    private async ValueTask<List<ReceivedLike>> ReadAsync(long uid, string sql, PageCursor after, int limit)
    {
        var likes = new List<ReceivedLike>();
        foreach (var shard in shards)
        {
            var found = await shard.ReadAsync(
                (sql, where: new { uid, at = after.At, other = after.Uid, limit }),
                static (connection, query) => connection.QueryAsync<(long Uid, int Kind, long At)>(query.sql, query.where))
                .ConfigureAwait(false);
            likes.AddRange(found.Select(like => new ReceivedLike(like.Uid, (SwipeKind)like.Kind, like.At)));
        }
        return likes;
    }

    private static int Compare(ReceivedLike one, ReceivedLike other) => (one.At, one.Uid).CompareTo((other.At, other.Uid));
}
