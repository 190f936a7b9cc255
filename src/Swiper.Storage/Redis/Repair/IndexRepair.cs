using StackExchange.Redis;
using Swiper.Core.Ranking;

namespace Swiper.Storage.Redis.Repair;

/// <summary>
/// The building blocks of a rebuild and of a comparison with the truth. Calls throw if Redis does not answer within the deadline.
/// </summary>
internal sealed class IndexRepair(SwipeIndex index)
{
    private static readonly TimeSpan TokenLasts = TimeSpan.FromSeconds(15);

    /// <summary>Begins to rebuild a group; null if another host is doing so already.</summary>
    /// <param name="group">0 to 63.</param>
    /// <param name="now">The boards current around this time are cleared; others expire.</param>
    public async Task<GroupMending?> BeginAsync(int group, long now)
    {
        var token = Guid.NewGuid().ToString("N");
        var lasts = (long)TokenLasts.TotalMilliseconds;
        RedisValue[] arguments = [group, token, lasts, .. Around(now).Select(board => (RedisValue)board.ToString())];
        var answer = await index.Calls.EvaluateAsync(RedisScript.MendBegin, [UserGroups.KeyOf(group)], arguments).ConfigureAwait(false);
        return answer.IsNull ? null : new GroupMending(index.Calls, group, token, lasts);
    }

    /// <summary>Marks these groups (a bit mask) as untrusted until they are rebuilt; a rebuild in progress is refused.</summary>
    public async Task UntrustAsync(ulong groups)
    {
        foreach (var node in index.Nodes.All.Where(node => (node.Groups & groups) != 0))
            await index.Calls.EvaluateAsync(RedisScript.Untrust, node, RedisNode.ArgumentsOf(groups & node.Groups)).ConfigureAwait(false);
    }

    /// <summary>The state of each server's groups; null for servers that do not answer.</summary>
    public async Task<IReadOnlyList<NodeStatus>> StatusAsync() =>
        await Task.WhenAll(index.Nodes.All.Select(StatusAsync)).ConfigureAwait(false);

    /// <summary>
    /// Everything the index holds about a user, with the group's marks of the same moment, even if the group is untrusted.
    /// </summary>
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

    // A rebuild may run past midnight, and clocks may be slightly off.
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
