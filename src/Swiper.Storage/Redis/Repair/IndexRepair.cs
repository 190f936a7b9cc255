using StackExchange.Redis;
using Swiper.Core.Ranking;

namespace Swiper.Storage.Redis.Repair;

/// <summary>
/// What a rebuild and a comparison with the truth are made of. Its calls throw where Redis does not answer within the deadline.
/// </summary>
internal sealed class IndexRepair(SwipeIndex index)
{
    private static readonly TimeSpan TokenLasts = TimeSpan.FromSeconds(15);

    /// <summary>Begins to rebuild a group; null where somebody else does already.</summary>
    /// <param name="group">0 to 63.</param>
    /// <param name="now">The boards of about this time are emptied; those of other times run out by themselves.</param>
    public async Task<GroupMending?> BeginAsync(int group, long now)
    {
        var token = Guid.NewGuid().ToString("N");
        var lasts = (long)TokenLasts.TotalMilliseconds;
        RedisValue[] arguments = [group, token, lasts, .. Around(now).Select(board => (RedisValue)board.ToString())];
        var answer = await index.Calls.EvaluateAsync(RedisScript.MendBegin, [UserGroups.KeyOf(group)], arguments).ConfigureAwait(false);
        return answer.IsNull ? null : new GroupMending(index.Calls, group, token, lasts);
    }

    /// <summary>From here on nobody trusts these groups (a bit each) until they are rebuilt; a mending under way is refused.</summary>
    public async Task UntrustAsync(ulong groups)
    {
        foreach (var node in index.Nodes.All.Where(node => (node.Groups & groups) != 0))
            await index.Calls.EvaluateAsync(RedisScript.Untrust, node, RedisNode.ArgumentsOf(groups & node.Groups)).ConfigureAwait(false);
    }

    /// <summary>How each server's groups are; null for servers that do not answer.</summary>
    public async Task<IReadOnlyList<NodeStatus>> StatusAsync() =>
        await Task.WhenAll(index.Nodes.All.Select(StatusAsync)).ConfigureAwait(false);

    /// <summary>All that the index keeps about a user, with the group's marks of the same moment; also where it is untrusted.</summary>
    public async Task<IndexedUser> ReadAsync(long uid, long now)
    {
        var group = UserGroups.Of(uid);
        BoardPeriod[] boards = [.. Enum.GetValues<BoardName>().Select(name => BoardPeriod.Of(name, now))];
        RedisValue[] arguments = [uid, group, .. boards.Select(board => (RedisValue)board.ToString())];
        var answer = await index.Calls.EvaluateAsync(RedisScript.ReadUser, [UserGroups.KeyOf(group)], arguments).ConfigureAwait(false);
        return IndexedUser.Read(uid, boards, answer);
    }

    private async Task<NodeStatus> StatusAsync(RedisNode node)
    {
        try
        {
            var report =
                GroupReport.Read(await index.Calls.EvaluateAsync(RedisScript.Status, node, node.GroupArguments).ConfigureAwait(false));
            var trusted = node.Groups & ~(report.Untrusted | report.Elsewhere | report.Mending);
            return new NodeStatus(node.ToString(), node.Groups, trusted, report.Mending);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return new NodeStatus(node.ToString(), node.Groups, null, 0);
        }
    }

    // A rebuild may run past midnight, and a clock may be a little off.
    private static IEnumerable<BoardPeriod> Around(long now)
    {
        yield return BoardPeriod.Of(BoardName.All, now);
        foreach (var name in (BoardName[])[BoardName.Day, BoardName.Week])
        {
            var current = BoardPeriod.Of(name, now);
            for (var away = -2; away <= 1; away++)
                yield return current with { Number = current.Number + away };
        }
    }
}
