using Dapper;
using Swiper.Core.Friends;
using Swiper.Core.Dispatch;
using Swiper.Storage.Records;

namespace Swiper.Storage.Friends;

/// <summary>Reads lists of people in pages.</summary>
internal static class PageReading
{
    /// <summary>Reads a page of people from the shard of the user.</summary>
    /// <param name="records">The records.</param>
    /// <param name="uid">The user.</param>
    /// <param name="sql">
    /// Selects the uid and the time of those of <c>@uid</c> after <c>@at</c> and <c>@last</c>, at most <c>@limit</c>.
    /// </param>
    /// <param name="after">Only people that come after this place; from the first where null.</param>
    /// <param name="limit">People at most.</param>
    public static ValueTask<IReadOnlyList<Since>> ReadPageAsync(
        this IRecords records, long uid, string sql, PageCursor? after, int limit) => records.ReadAsync<IReadOnlyList<Since>>(
            uid,
            async connection =>
            {
                var (at, last) = after ?? PageCursor.Start;
                var rows = await connection.QueryAsync<(long Uid, long At)>(sql, new { uid, at, last, limit }).ConfigureAwait(false);
                return [.. rows.Select(row => new Since(row.Uid, row.At))];
            });
}
