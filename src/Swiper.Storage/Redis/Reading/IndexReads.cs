using StackExchange.Redis;

namespace Swiper.Storage.Redis.Reading;

/// <summary>
/// Runs the readers' scripts. A server known to be down is not asked at all, and one that fails counts as down until its worker reaches
/// it.
/// </summary>
internal sealed class IndexReads(RedisCalls calls, RedisNodes nodes, UntrustedGroups untrusted)
{
    // Each call ranks at least one whole group of those that wait, so 64 do for all that waits now. More comes in meanwhile.
    private const int MostCalls = 128;

    public RedisNodes Nodes => nodes;

    /// <summary>Asks the server of one group; null where it can't be asked or says that the group is untrusted.</summary>
    public async ValueTask<RedisResult?> AskAsync(RedisScript script, int group, RedisValue[] arguments)
    {
        var node = nodes.Of(group);
        if (await AskAsync(script, node, [UserGroups.KeyOf(group)], arguments).ConfigureAwait(false) is not { } answer)
            return null;
        if (!answer.IsNull)
            return answer;
        untrusted.Report(1UL << group);
        return null;
    }

    /// <summary>Asks a server about all its groups; null where it can't be asked or does not vouch for one of them.</summary>
    public async ValueTask<RedisResult[]?> AskAllAsync(RedisScript script, RedisNode node, RedisValue[] arguments)
    {
        RedisValue[] all = [.. arguments, .. node.GroupArguments];
        for (var call = 0; call < MostCalls; call++)
        {
            if (await AskAsync(script, node, node.Route, all).ConfigureAwait(false) is not { } answer)
                return null;
            var parts = ((RedisResult[]?)answer)!;
            var report = GroupReport.Read(parts[0]);
            untrusted.Report(report.Untrusted);
            if (report.Elsewhere != 0)
                await nodes.RefreshAsync().ConfigureAwait(false);
            if (report == default)
                return parts;
            if ((report.Untrusted | report.Elsewhere) != 0)
                return null;
            // Much waited to be ranked; what this call left, the next one takes up.
        }

        return null;
    }

    private async ValueTask<RedisResult?> AskAsync(RedisScript script, RedisNode node, RedisKey[] route, RedisValue[] arguments)
    {
        if (!node.IsReachable)
            return null;
        try
        {
            return await calls.EvaluateAsync(script, route, arguments).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RedisConnectionException or TimeoutException)
        {
            node.IsReachable = false;
            return null;
        }
        catch (RedisServerException)
        {
            // It is loading, or a cluster on the move: its worker finds out what it is about.
            return null;
        }
    }
}
