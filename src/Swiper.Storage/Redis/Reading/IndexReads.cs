using StackExchange.Redis;

namespace Swiper.Storage.Redis.Reading;

/// <summary>
/// Runs the readers' scripts. A server known to be down is not called, and one that fails counts as down until its worker reaches it.
/// </summary>
internal sealed class IndexReads(SwipeIndex index)
{
    // Each call ranks at least one whole group of the backlog, so 64 calls suffice for the current backlog, though more may arrive
    // meanwhile.
    private const int MostCalls = 128;

    public RedisNodes Nodes => index.Nodes;

    /// <summary>Calls the server of one group; null if it is down or reports the group as index.UntrustedGroups.</summary>
    public async ValueTask<RedisResult?> AskAsync(RedisScript script, int group, RedisValue[] arguments)
    {
        var node = index.Nodes.Of(group);
        if (await AskAsync(script, node, [UserGroups.KeyOf(group)], arguments).ConfigureAwait(false) is not { } answer)
            return null;
        if (!answer.IsNull)
            return answer;
        index.UntrustedGroups.Report(1UL << group);
        return null;
    }

    /// <summary>Calls a server for all its groups; null if it is down or any of them is index.UntrustedGroups.</summary>
    public async ValueTask<RedisResult[]?> AskAllAsync(RedisScript script, RedisNode node, RedisValue[] arguments)
    {
        RedisValue[] all = [.. arguments, .. node.GroupArguments];
        for (var call = 0; call < MostCalls; call++)
        {
            if (await AskAsync(script, node, node.Route, all).ConfigureAwait(false) is not { } answer)
                return null;
            var parts = ((RedisResult[]?)answer)!;
            var report = GroupReport.Read(parts[0]);
            index.UntrustedGroups.Report(report.Untrusted);
            if (report.Elsewhere != 0)
                await index.Nodes.RefreshAsync().ConfigureAwait(false);
            if (report == default)
                return parts;
            if ((report.Untrusted | report.Elsewhere) != 0)
                return null;
            // There was a large backlog to rank; the next call continues where this one stopped.
        }

        return null;
    }

    private async ValueTask<RedisResult?> AskAsync(RedisScript script, RedisNode node, RedisKey[] route, RedisValue[] arguments)
    {
        if (!node.IsReachable)
            return null;
        try
        {
            return await index.Calls.EvaluateAsync(script, route, arguments).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RedisConnectionException or TimeoutException)
        {
            node.IsReachable = false;
            return null;
        }
        catch (RedisServerException)
        {
            // It is loading, or the cluster is moving slots: its worker finds out.
            return null;
        }
    }
}
