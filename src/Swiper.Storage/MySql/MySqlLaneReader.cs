namespace Swiper.Storage.MySql;

/// <summary>
/// What a reader lane reads through: operations add their keys, then one statement queries all of them. Without a transaction: each
/// statement sees what is committed when it runs.
/// </summary>
internal abstract class MySqlLaneReader(ShardServer server) : IDisposable
{
    public ShardServer Server { get; } = server;

    /// <summary>Used by one batch at a time.</summary>
    public ShardConnection Connection { get; } = server.Connect();

    public void Dispose()
    {
        Connection.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Queries the keys that the operations of the batch have added, and clears them. May be called again for the same keys after a
    /// failure.
    /// </summary>
    protected internal abstract ValueTask FlushAsync();

    /// <summary>Drops the collected keys.</summary>
    protected internal abstract void Forget();
}
