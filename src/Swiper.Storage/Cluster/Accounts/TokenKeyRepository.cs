using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>
/// The keys that seal tokens, in the first shard, so that a token issued on one host is valid on all. With these keys one can sign in as
/// anybody: they are as secret as the connection string.
/// </summary>
public sealed class TokenKeyRepository
{
    // Beside the keys of tokens, and not one of them.
    private const string CodeKeyId = "code-key";

    // Hosts that start at the same time each hold the lock only briefly.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ShardServer _firstShard;

    internal TokenKeyRepository(ShardServer firstShard) => _firstShard = firstShard;

    /// <summary>All keys, as XML.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The first shard can't be read.</exception>
    public IReadOnlyList<string> ReadAll()
    {
        var keys = new List<string>();
        using var connection = _firstShard.Connect();
        Unavailability.Translate(() => _firstShard.Run(connection, () =>
        {
            keys.Clear();
            connection.Query("SELECT xml FROM token_keys WHERE id <> @p0", [CodeKeyId], row => keys.Add(row.GetString(0)));
        }));
        return keys;
    }

    /// <summary>The key under which login codes are hashed, the same for all hosts: the one that is stored, or else the new one.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The first shard can't be read or written.</exception>
    public byte[] CodeKey(byte[] fresh)
    {
        // Hosts of an earlier version read it as one of their keys, and pass over an element that they don't know.
        const string Before = "<codeKey>", After = "</codeKey>";
        var stored = "";
        using var connection = _firstShard.Connect();
        Unavailability.Translate(() => _firstShard.Run(connection, () =>
        {
            connection.Execute("INSERT IGNORE INTO token_keys (id, xml) VALUES (@p0, @p1)",
                CodeKeyId, Before + Convert.ToBase64String(fresh) + After);
            connection.Query("SELECT xml FROM token_keys WHERE id = @p0", [CodeKeyId], row => stored = row.GetString(0));
        }));
        return Convert.FromBase64String(stored[Before.Length..^After.Length]);
    }

    /// <summary>Stores a key.</summary>
    /// <param name="id">Its name; storing the same name again replaces the key.</param>
    /// <param name="xml">The key.</param>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The first shard can't be written.</exception>
    public void Add(string id, string xml)
    {
        using var connection = _firstShard.Connect();
        Unavailability.Translate(() => _firstShard.Run(connection, () => connection.Execute(
            "INSERT INTO token_keys (id, xml) VALUES (@p0, @p1) ON DUPLICATE KEY UPDATE xml = VALUES(xml)", id, xml)));
    }

    /// <summary>Runs something under a lock shared by all hosts, such as creating the first key.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The first shard can't be reached.</exception>
    public void Exclusively(Action work)
    {
        // The lock ends with the connection, even if this host is killed.
        using var connection = _firstShard.Connect(Patience);
        Unavailability.Translate(() => _firstShard.Run(connection, () =>
        {
            if (connection.ScalarInt64("SELECT get_lock(concat('swiper keys ', sha1(database())), @p0)",
                (long)Patience.TotalSeconds - 1) != 1)
                throw new Core.Dispatch.StoreUnavailableException("Another host has held the lock on the token keys for a minute.");
        }));
        work();
    }
}
