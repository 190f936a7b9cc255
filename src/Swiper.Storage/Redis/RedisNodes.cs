using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>Which groups live on which server: all on a single server, or in a cluster by the slots of their keys.</summary>
internal sealed class RedisNodes(RedisClient client, TimeSpan deadline)
{
    private int _refreshing;
    private volatile RedisNode[] _nodes = [new RedisNode(null, UserGroups.All)];

    /// <summary>Every group is on exactly one of them.</summary>
    public IReadOnlyList<RedisNode> All => _nodes;

    /// <summary>Raised after a refresh that found groups on other servers than before.</summary>
    public event Action? Changed;

    public RedisNode Of(int group)
    {
        foreach (var node in _nodes)
        {
            if ((node.Groups >> group & 1) != 0)
                return node;
        }

        throw new InvalidOperationException($"No server holds group {group}.");
    }

    /// <summary>Queries the servers again; keeps the known map if none answers.</summary>
    public async Task RefreshAsync()
    {
        // Many callers may notice the same move; the first one queries, and at worst the others query again.
        if (Interlocked.Exchange(ref _refreshing, 1) != 0)
            return;
        try
        {
            if (await FindAsync().ConfigureAwait(false) is not { } found || Same(found, _nodes))
                return;
            _nodes = found;
        }
        finally
        {
            Volatile.Write(ref _refreshing, 0);
        }

        Changed?.Invoke();
    }

    private async Task<RedisNode[]?> FindAsync()
    {
        var servers = client.Current.Client;
        foreach (var endPoint in servers.GetEndPoints())
        {
            try
            {
                var server = servers.GetServer(endPoint);
                if (!server.IsConnected)
                    continue;
                if (server.ServerType != ServerType.Cluster)
                    return [new RedisNode(null, UserGroups.All)];
                if (await server.ClusterNodesAsync().WaitAsync(deadline).ConfigureAwait(false) is { } configuration)
                    return Divide(configuration);
            }
            catch (Exception exception) when (RedisDriver.IsNoAnswer(exception))
            {
                // It hangs or has just gone away: ask another.
            }
        }

        return null;
    }

    private RedisNode[] Divide(ClusterConfiguration configuration)
    {
        var groups = new Dictionary<System.Net.EndPoint, ulong>();
        var homeless = 0UL;
        for (var group = 0; group < UserGroups.Count; group++)
        {
            var bit = 1UL << group;
            // A slot that nobody serves right now is expected to stay where it was.
            if ((configuration.GetBySlot(UserGroups.KeyOf(group))?.EndPoint ?? Of(group).EndPoint) is { } endPoint)
                groups[endPoint] = groups.GetValueOrDefault(endPoint) | bit;
            else
                homeless |= bit;
        }

        var nodes = groups.Select(pair => new RedisNode(pair.Key, pair.Value)).ToList();
        if (homeless != 0)
            nodes.Add(new RedisNode(null, homeless));
        // A server whose groups are unchanged keeps its object and state.
        return [.. nodes.Select(node => _nodes.FirstOrDefault(known => Same(known, node)) ?? node)];
    }

    private static bool Same(RedisNode[] one, RedisNode[] other) =>
        one.Length == other.Length && one.All(node => other.Any(known => Same(known, node)));

    private static bool Same(RedisNode one, RedisNode other) => one.Groups == other.Groups && Equals(one.EndPoint, other.EndPoint);
}
