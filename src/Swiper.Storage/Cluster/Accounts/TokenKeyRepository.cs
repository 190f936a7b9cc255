namespace Swiper.Storage.Cluster.Accounts;

/// <summary>
/// The keys that seal tokens, in the first shard, so that a token issued on one host is good on all. Whoever reads them can sign in as
/// anybody: they are as secret as the connection string.
/// </summary>
public sealed class TokenKeyRepository
{
    private readonly ClusterEngine _engine;

    internal TokenKeyRepository(ClusterEngine engine) => _engine = engine;

    /// <summary>All keys, each as XML.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The first shard can't be read.</exception>
    public IReadOnlyList<string> ReadAll()
    {
        var keys = new List<string>();
        var server = _engine.Shards[0].Server;
        using var connection = server.Connect();
        server.Run(connection, () =>
        {
            keys.Clear();
            connection.Query("SELECT xml FROM token_keys", [], row => keys.Add(row.GetString(0)));
        });
        return keys;
    }

    /// <summary>Keeps one more.</summary>
    /// <param name="id">What it is called; the same name again replaces it.</param>
    /// <param name="xml">The key.</param>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The first shard can't be written.</exception>
    public void Add(string id, string xml)
    {
        var server = _engine.Shards[0].Server;
        using var connection = server.Connect();
        server.Run(connection, () => connection.Execute(
            "INSERT INTO token_keys (id, xml) VALUES (@p0, @p1) ON DUPLICATE KEY UPDATE xml = VALUES(xml)", id, xml));
    }
}
