namespace Swiper.Storage.Cluster.Accounts;

/// <summary>
/// The keys that seal tokens, in the first shard, so that a token issued on one host is good on all. Whoever reads them can sign in as
/// anybody: they are as secret as the connection string.
/// </summary>
public sealed class TokenKeyRepository
{
    // The others that start now are done in a moment, each of them.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ClusterEngine _engine;

    internal TokenKeyRepository(ClusterEngine engine) => _engine = engine;

    /// <summary>All keys, each as XML.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The first shard can't be read.</exception>
    public IReadOnlyList<string> ReadAll()
    {
        var keys = new List<string>();
        var server = _engine.Shards[0].Server;
        using var connection = server.Connect();
        Unavailability.Translate(() => server.Run(connection, () =>
        {
            keys.Clear();
            connection.Query("SELECT xml FROM token_keys", [], row => keys.Add(row.GetString(0)));
        }));
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
        Unavailability.Translate(() => server.Run(connection, () => connection.Execute(
            "INSERT INTO token_keys (id, xml) VALUES (@p0, @p1) ON DUPLICATE KEY UPDATE xml = VALUES(xml)", id, xml)));
    }

    /// <summary>Does something that no other host does meanwhile, such as making the first key where there is none.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The first shard can't be asked.</exception>
    public void Exclusively(Action work)
    {
        var server = _engine.Shards[0].Server;
        // The lock ends with the connection, also where this host is killed.
        using var connection = server.Connect(Patience);
        Unavailability.Translate(() => server.Run(connection, () =>
        {
            if (connection.ScalarInt64("SELECT get_lock(concat('swiper keys ', sha1(database())), @p0)",
                (long)Patience.TotalSeconds - 1) != 1)
                throw new Core.Dispatch.StoreUnavailableException("Another host has held the lock on the token keys for a minute.");
        }));
        work();
    }
}
